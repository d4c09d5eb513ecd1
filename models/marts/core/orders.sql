with

order_lines as (

    select * from {{ ref('int_order_lines__priced') }}

),

refunds as (

    select * from {{ ref('refund_items') }}

),

returns as (

    select * from {{ ref('return_items') }}

),

resolutions as (

    select * from {{ ref('int_orders__resolutions') }}

),

order_lines_summary as (

    select
        order_key,
        min(channel) as channel,
        min(sub_channel) as sub_channel,
        min(order_id) as order_id,
        min(order_name) as order_name,
        min(user_key) as user_key,
        min(currency) as currency,
        bool_or(is_test) as is_test,
        bool_and(line_state = 'cancelled') as is_cancelled,
        count(*) as order_items,
        sum(units_ordered) as units_ordered,
        sum(units_cancelled) as units_cancelled,
        sum(units_sold) as units_sold,
        sum(sales_amount) as sales_amount,
        -- Unknown if one line is: a sum over the known ones would pass for the whole.
        case when count(*) = count(sales_usd) then sum(sales_usd) end as sales_usd,
        min(ordered_at) as ordered_at,
        max(delivered_at) as delivered_at,
        max(cancelled_at) as cancelled_at
    from order_lines
    group by order_key

),

order_refunds_summary as (

    select
        order_key,
        sum(units_refunded) filter (where is_in_refund_rate and order_item_key is not null)
            as units_refunded,
        sum(refund_usd) as refund_usd,
        bool_or(refund_kind = 'return' and units_refunded > 0) as has_returned_goods
    from refunds
    where order_key is not null
    group by order_key

),

order_returns_summary as (

    select
        order_key,
        bool_or(is_customer_return) as has_customer_return
    from returns
    where order_key is not null
    group by order_key

),

final as (

    select
        ---------- keys
        order_lines_summary.order_key,
        order_lines_summary.user_key,

        ---------- attributes
        order_lines_summary.channel,
        order_lines_summary.sub_channel,
        order_lines_summary.order_id,
        coalesce(order_lines_summary.order_name, order_lines_summary.order_id) as order_name,
        coalesce(resolutions.resolution_state, 'open') as resolution_state,

        ---------- amounts
        order_lines_summary.order_items,
        cast(order_lines_summary.units_ordered as bigint) as units_ordered,
        cast(order_lines_summary.units_cancelled as bigint) as units_cancelled,
        cast(order_lines_summary.units_sold as bigint) as units_sold,
        cast(coalesce(order_refunds_summary.units_refunded, 0) as bigint) as units_refunded,
        order_lines_summary.currency,
        cast(order_lines_summary.sales_amount as decimal(18, 4)) as sales_amount,
        cast(order_lines_summary.sales_usd as decimal(18, 4)) as sales_usd,
        cast(order_refunds_summary.refund_usd as decimal(18, 4)) as refund_usd,

        ---------- flags
        order_lines_summary.is_test,
        order_lines_summary.is_cancelled,
        (
            coalesce(order_refunds_summary.has_returned_goods, false)
            or coalesce(order_returns_summary.has_customer_return, false)
        ) as has_return,
        order_lines_summary.ordered_at
        <= {{ as_of() }} - interval '{{ var("maturity_days") }} days' as is_mature,

        ---------- times
        order_lines_summary.ordered_at,
        order_lines_summary.delivered_at,
        order_lines_summary.cancelled_at

    from order_lines_summary
    left join order_refunds_summary
        on order_lines_summary.order_key = order_refunds_summary.order_key
    left join order_returns_summary
        on order_lines_summary.order_key = order_returns_summary.order_key
    left join resolutions
        on order_lines_summary.order_key = resolutions.order_key

)

select * from final
