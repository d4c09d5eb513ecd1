{#
    Published by product: readers of one product's lines then skip all others.
#}
{{ config(meta={'order_by': ['product_key', 'order_item_key']}) }}

with

order_lines as (

    select * from {{ ref('int_order_lines__priced') }}

),

refunds as (

    select * from {{ ref('refund_items') }}

),

line_refunds as (

    select
        order_item_key,
        sum(units_refunded) as units_refunded,
        sum(refund_amount) as refund_amount,
        sum(refund_usd) as refund_usd
    from refunds
    where is_in_refund_rate and order_item_key is not null
    group by order_item_key

),

final as (

    select
        ---------- keys
        order_lines.order_item_key,
        order_lines.order_key,
        order_lines.product_key,
        order_lines.user_key,

        ---------- attributes
        order_lines.channel,
        order_lines.sub_channel,
        order_lines.line_state,
        order_lines.record_type,
        order_lines.source_batch,

        ---------- amounts
        cast(order_lines.units_ordered as bigint) as units_ordered,
        cast(order_lines.units_cancelled as bigint) as units_cancelled,
        cast(order_lines.units_sold as bigint) as units_sold,
        cast(coalesce(line_refunds.units_refunded, 0) as bigint) as units_refunded,
        order_lines.currency,
        cast(
            (order_lines.ordered_amount - order_lines.discount_amount)
            / nullif(order_lines.units_ordered, 0) as decimal(18, 4)
        ) as unit_price,
        order_lines.ordered_amount,
        order_lines.discount_amount,
        order_lines.sales_amount,
        order_lines.sales_usd,
        cast(line_refunds.refund_usd as decimal(18, 4)) as refund_usd,

        ---------- times
        order_lines.ordered_at

    from order_lines
    left join line_refunds
        on order_lines.order_item_key = line_refunds.order_item_key

)

select * from final
