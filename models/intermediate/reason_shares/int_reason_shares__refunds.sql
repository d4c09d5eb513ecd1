with

refund_items as (

    {{ rows_in('metrics', ref('refund_items'), 'kept.is_in_refund_rate') }}

),

products as (

    select * from {{ ref('products') }}

),

final as (

    select
        ---------- keys
        refund_items.refund_item_key,
        -- A source's own refund number is its own: two channels may use the same one.
        concat_ws(
            ':', refund_items.channel, refund_items.sub_channel, refund_items.refund_id
        ) as refund_key,
        refund_items.product_key,

        ---------- attributes
        refund_items.channel,
        refund_items.sub_channel,
        coalesce(products.category, '(none)') as category,
        refund_items.reason_category,
        refund_items.reason,

        ---------- amounts
        refund_items.units_refunded,
        refund_items.refund_usd,
        refund_items.refund_usd_at_refund_date,

        ---------- times
        cast(date_trunc('month', refund_items.refunded_at) as date) as refund_month

    from refund_items
    left join products
        on refund_items.product_key = products.product_key

)

select * from final
