{{ config(materialized='table') }}

with

refund_items as (

    select * from {{ ref('int_desertcart__refund_items_classified') }}
    where has_refund and excluded_reason is null

),

refund_components as (

    select * from {{ ref('int_desertcart__refund_components') }}

),

customers as (

    select * from {{ ref('stg_desertcart__customers') }}

),

unioned as (

    select
        'refund_items' as record_type,
        refund_id,
        order_id,
        order_month,
        'item' as component,
        order_item_id,
        sku,
        product_id,
        customer_id,
        -- Money on a line of which no unit came back is goodwill.
        case when quantity = 0 then 'adjustment' else refund_kind end as refund_kind,
        case when refund_kind = 'adjustment' then 0 else quantity end as units_refunded,
        paid_amount as refund_amount,
        currency,
        raw_reason,
        dated_at,
        dated_by
    from refund_items

    union all

    select
        'refunds' as record_type,
        refund_id,
        order_id,
        order_month,
        component,
        order_item_id,
        sku,
        product_id,
        customer_id,
        refund_kind,
        units_refunded,
        refund_amount,
        currency,
        raw_reason,
        dated_at,
        dated_by
    from refund_components

),

conformed as (

    select
        unioned.record_type,
        'desertcart' as channel,
        'desertcart' as sub_channel,
        'desertcart_returns' as layout,
        unioned.record_type || ' ' || unioned.order_month as source_batch,
        cast(1 as bigint) as version_number,
        row_number() over (
            partition by unioned.refund_id
            order by
                unioned.record_type asc, unioned.component asc, unioned.order_item_id asc
        ) as row_number,
        unioned.component,
        unioned.refund_id,
        unioned.order_id,
        unioned.order_item_id as order_line_id,
        unioned.sku,
        unioned.product_id,
        unioned.customer_id as buyer_id,
        customers.email as buyer_email,
        customers.phone as buyer_phone,
        unioned.refund_kind,
        cast(unioned.units_refunded as integer) as units_refunded,
        cast(unioned.refund_amount as decimal(18, 4)) as refund_amount,
        unioned.currency,
        unioned.dated_at as refunded_at,
        unioned.dated_by as refunded_at_basis,
        unioned.raw_reason
    from unioned
    left join customers
        on unioned.customer_id = customers.customer_id

),

final as (

    select
        *,
        concat_ws(':', channel, sub_channel, order_id) as reported_order_key,
        {{ product_key('sku', 'product_id') }} as product_key,
        {{ user_key('channel', 'sub_channel', 'buyer_id', 'buyer_email', 'buyer_phone') }}
            as user_key,
        concat_ws(':', channel, sub_channel, refund_id, row_number) as refund_line_key
    from conformed

)

select * from final
