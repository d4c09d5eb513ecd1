with

orders as (

    select * from {{ ref('orders') }}
    where not is_test

),

order_items as (

    select * from {{ ref('order_items') }}

),

refund_items as (

    select * from {{ ref('refund_items') }}

),

trend_items as (

    select * from {{ ref('int_order_items__trend') }}

),

order_totals as (

    select
        coalesce(channel, 'all') as channel,
        coalesce(sub_channel, 'all') as sub_channel,
        count(*) as orders,
        count(*) filter (where user_key is null) as guest_orders,
        count(*) filter (where has_return) as orders_with_return,
        min(ordered_at) as first_ordered_at,
        max(ordered_at) as last_ordered_at
    from orders
    group by grouping sets ((channel, sub_channel), (channel), ())

),

sales_totals as (

    select
        coalesce(channel, 'all') as channel,
        coalesce(sub_channel, 'all') as sub_channel,
        sum(units_ordered) as units_ordered,
        sum(units_cancelled) as units_cancelled,
        sum(units_sold) as units_sold,
        sum(units_refunded) as units_refunded,
        sum(sales_usd) as sales_usd,
        sum(refund_usd) as refund_usd
    from order_items
    group by grouping sets ((channel, sub_channel), (channel), ())

),

refund_totals as (

    select
        coalesce(channel, 'all') as channel,
        coalesce(sub_channel, 'all') as sub_channel,
        count(distinct refund_id) filter (where is_in_refund_rate) as refunds,
        sum(units_refunded) filter (where is_in_refund_rate and order_item_key is null)
            as units_refunded_unmatched,
        sum(units_refunded) filter (where refund_kind = 'undelivered') as units_undelivered,
        sum(units_refunded) filter (where refund_kind = 'exchange') as units_exchanged,
        sum(refund_usd) filter (where is_in_refund_rate and order_item_key is null)
            as refund_usd_unmatched,
        sum(refund_usd) filter (where refund_kind = 'undelivered') as undelivered_usd,
        sum(refund_usd) filter (where refund_kind = 'cancellation') as cancellation_usd,
        sum(refund_usd) filter (where refund_kind = 'adjustment') as adjustment_usd,
        sum(refund_usd_at_refund_date) as refund_usd_by_refund_date,
        sum(units_refunded) filter (where is_in_refund_rate and refund_amount is not null)
            as units_refunded_with_amount,
        sum(units_refunded) filter (where is_in_refund_rate) as units_refunded_reported
    from refund_items
    group by grouping sets ((channel, sub_channel), (channel), ())

),

trend_totals as (

    select
        coalesce(channel, 'all') as channel,
        coalesce(sub_channel, 'all') as sub_channel,
        coalesce(sum(units_sold) filter (where trend_window = 'current'), 0) as current_units_sold,
        coalesce(sum(units_refunded) filter (where trend_window = 'current'), 0)
            as current_units_refunded,
        coalesce(sum(units_sold) filter (where trend_window = 'previous'), 0)
            as previous_units_sold,
        coalesce(sum(units_refunded) filter (where trend_window = 'previous'), 0)
            as previous_units_refunded
    from trend_items
    group by grouping sets ((channel, sub_channel), (channel), ())

),

trend_tests as (

    select
        *,
        {{ rate('current_units_refunded', 'current_units_sold') }} as current_refund_rate,
        {{ rate('previous_units_refunded', 'previous_units_sold') }} as previous_refund_rate,
        {{ two_proportion_z(
            'current_units_refunded',
            'current_units_sold',
            'previous_units_refunded',
            'previous_units_sold'
        ) }} as trend_z
    from trend_totals

),

final as (

    select
        order_totals.channel,
        order_totals.sub_channel,

        ---------- orders and units, by order date
        order_totals.orders,
        order_totals.guest_orders,
        order_totals.orders_with_return,
        cast(sales_totals.units_ordered as bigint) as units_ordered,
        cast(sales_totals.units_cancelled as bigint) as units_cancelled,
        cast(sales_totals.units_sold as bigint) as units_sold,
        cast(coalesce(refund_totals.refunds, 0) as bigint) as refunds,
        cast(sales_totals.units_refunded as bigint) as units_refunded,
        cast(coalesce(refund_totals.units_refunded_unmatched, 0) as bigint)
            as units_refunded_unmatched,
        cast(coalesce(refund_totals.units_undelivered, 0) as bigint) as units_undelivered,
        cast(coalesce(refund_totals.units_exchanged, 0) as bigint) as units_exchanged,

        ---------- money, by order date but for the last
        cast(sales_totals.sales_usd as decimal(18, 4)) as sales_usd,
        cast(sales_totals.refund_usd as decimal(18, 4)) as refund_usd,
        cast(refund_totals.refund_usd_unmatched as decimal(18, 4)) as refund_usd_unmatched,
        cast(refund_totals.undelivered_usd as decimal(18, 4)) as undelivered_usd,
        cast(refund_totals.cancellation_usd as decimal(18, 4)) as cancellation_usd,
        cast(refund_totals.adjustment_usd as decimal(18, 4)) as adjustment_usd,
        cast(refund_totals.refund_usd_by_refund_date as decimal(18, 4))
            as refund_usd_by_refund_date,

        ---------- rates
        {{ rate('sales_totals.units_refunded', 'sales_totals.units_sold') }} as refund_rate,
        {{ rate('sales_totals.refund_usd', 'sales_totals.sales_usd') }} as refund_value_rate,
        {{ rate('order_totals.orders_with_return', 'order_totals.orders') }} as order_return_rate,
        {{ rate(
            'refund_totals.units_refunded_with_amount', 'refund_totals.units_refunded_reported'
        ) }} as refund_amount_coverage,
        {{ rate(
            'sales_totals.units_refunded',
            "max(sales_totals.units_refunded) filter (where order_totals.channel = 'all') over ()"
        ) }} as refund_share,

        ---------- trend, at equal age
        cast(coalesce(trend_tests.current_units_sold, 0) as bigint) as current_units_sold,
        cast(coalesce(trend_tests.previous_units_sold, 0) as bigint) as previous_units_sold,
        trend_tests.current_refund_rate,
        trend_tests.previous_refund_rate,
        trend_tests.current_refund_rate - trend_tests.previous_refund_rate as refund_rate_change,
        trend_tests.trend_z,
        case
            when trend_tests.current_units_sold is null or trend_tests.previous_units_sold = 0
                then 'not_enough_data'
            when trend_tests.current_units_sold = 0 then 'not_enough_data'
            when trend_tests.trend_z >= {{ var('trend_z') }} then 'up'
            when trend_tests.trend_z <= -{{ var('trend_z') }} then 'down'
            else 'flat'
        end as trend_direction,

        ---------- times
        order_totals.first_ordered_at,
        order_totals.last_ordered_at

    from order_totals
    left join sales_totals
        on
            order_totals.channel = sales_totals.channel
            and order_totals.sub_channel = sales_totals.sub_channel
    left join refund_totals
        on
            order_totals.channel = refund_totals.channel
            and order_totals.sub_channel = refund_totals.sub_channel
    left join trend_tests
        on
            order_totals.channel = trend_tests.channel
            and order_totals.sub_channel = trend_tests.sub_channel

)

select * from final
