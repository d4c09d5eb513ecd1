{{ config(materialized='table') }}

{#
    What an order gave back, as one hash: a new refund or another amount changes it, a new rate, a
    reason read differently or a file read again does not.
#}
with

refunds as (

    select * from {{ ref('int_refunds__priced') }}
    where order_key is not null

),

pieces as (

    select
        order_key,
        refund_id,
        product_key,
        component,
        currency,
        sum(units_refunded) as units_refunded,
        sum(refund_amount) as refund_amount,
        sum(refund_usd) as refund_usd,
        max(refunded_at) as refunded_at,
        count(*) as refund_items
    from refunds
    group by order_key, refund_id, product_key, component, currency, refund_line_key

),

final as (

    select
        order_key,
        sha256(
            string_agg(
                concat_ws(
                    '|', refund_id, coalesce(product_key, ''), component, currency,
                    cast(units_refunded as varchar), coalesce(cast(refund_amount as varchar), '')
                ),
                ';'
                order by
                    refund_id asc, product_key asc, component asc, currency asc,
                    units_refunded asc, refund_amount asc
            )
        ) as evidence_hash,
        cast(sum(refund_items) as bigint) as refund_items,
        cast(sum(units_refunded) as bigint) as units_refunded,
        cast(sum(refund_usd) as decimal(18, 4)) as refund_usd,
        max(refunded_at) as last_refunded_at
    from pieces
    group by order_key

)

select * from final
