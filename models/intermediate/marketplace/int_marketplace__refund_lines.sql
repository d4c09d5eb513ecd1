{{ config(materialized='table') }}

with

return_refunds as (

    select * from {{ ref('int_marketplace__return_refunds') }}

),

ledger_refunds as (

    select * from {{ ref('int_marketplace__ledger_refunds') }}

),

undelivered_lines as (

    select * from {{ ref('int_marketplace__undelivered_lines') }}

),

unioned as (

    select * from return_refunds
    union all by name
    select * from ledger_refunds
    union all by name
    select * from undelivered_lines

),

final as (

    select
        *,
        case
            when order_id is not null then concat_ws(':', channel, sub_channel, order_id)
        end as reported_order_key,
        {{ product_key('sku', 'product_id') }} as product_key,
        {{ user_key('channel', 'sub_channel', 'buyer_id', 'buyer_email', 'buyer_phone') }}
            as user_key,
        concat_ws(
            ':', channel, sub_channel, refund_id,
            row_number() over (
                partition by channel, sub_channel, refund_id
                order by
                    record_type asc, version_number asc, row_number asc, component asc
            )
        ) as refund_line_key
    from unioned

)

select * from final
