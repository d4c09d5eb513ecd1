{#
    Units sold and refunded in the two trend windows. Both hold mature orders only, and only refunds
    within `maturity_days` of the order count: cohorts are compared at equal age.
#}
with

order_items as (

    select * from {{ ref('order_items') }}

),

refund_items as (

    select * from {{ ref('refund_items') }}

),

timely_refunds as (

    select
        order_item_key,
        sum(units_refunded) as units_refunded
    from refund_items
    where
        is_in_refund_rate
        and order_item_key is not null
        and days_to_refund <= {{ var('maturity_days') }}
    group by order_item_key

),

windows as (

    select
        {{ as_of() }} - interval '{{ var("maturity_days") }} days' as current_end,
        {{ as_of() }} - interval '{{ var("maturity_days") + var("trend_window_days") }} days'
            as current_start,
        {{ as_of() }} - interval '{{ var("maturity_days") + 2 * var("trend_window_days") }} days'
            as previous_start

),

final as (

    select
        order_items.order_item_key,
        order_items.channel,
        order_items.sub_channel,
        order_items.product_key,
        order_items.units_sold,
        coalesce(timely_refunds.units_refunded, 0) as units_refunded,
        case
            when order_items.ordered_at >= windows.current_start then 'current'
            else 'previous'
        end as trend_window
    from order_items
    cross join windows
    left join timely_refunds
        on order_items.order_item_key = timely_refunds.order_item_key
    where
        order_items.ordered_at >= windows.previous_start
        and order_items.ordered_at < windows.current_end

)

select * from final
