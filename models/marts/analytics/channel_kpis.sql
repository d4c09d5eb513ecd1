with

sales_totals as (

    select * from {{ ref('int_channel_totals__sales') }}

),

refund_totals as (

    select * from {{ ref('int_channel_totals__refunds') }}

),

trend_tests as (

    select * from {{ ref('int_channel_totals__trend') }}

),

channels as (

    select
        channel,
        sub_channel
    from sales_totals
    union
    select
        channel,
        sub_channel
    from refund_totals

),

final as (

    select
        channels.channel,
        channels.sub_channel,

        ---------- orders and units, by order date
        coalesce(sales_totals.orders, 0) as orders,
        coalesce(sales_totals.guest_orders, 0) as guest_orders,
        coalesce(sales_totals.orders_with_return, 0) as orders_with_return,
        cast(coalesce(sales_totals.units_ordered, 0) as bigint) as units_ordered,
        cast(coalesce(sales_totals.units_cancelled, 0) as bigint) as units_cancelled,
        cast(coalesce(sales_totals.units_sold, 0) as bigint) as units_sold,
        cast(coalesce(refund_totals.refunds, 0) as bigint) as refunds,
        cast(coalesce(sales_totals.units_refunded, 0) as bigint) as units_refunded,
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
        {{ rate('sales_totals.orders_with_return', 'sales_totals.shipped_orders') }}
            as order_return_rate,
        {{ rate(
            'refund_totals.units_refunded_with_amount', 'refund_totals.units_refunded_reported'
        ) }} as refund_amount_coverage,
        {{ rate(
            'sales_totals.units_refunded',
            "max(sales_totals.units_refunded) filter (where channels.channel = 'all') over ()"
        ) }} as refund_share,

        ---------- trend, at equal age
        cast(coalesce(trend_tests.current_units_sold, 0) as bigint) as current_units_sold,
        cast(coalesce(trend_tests.previous_units_sold, 0) as bigint) as previous_units_sold,
        trend_tests.current_refund_rate,
        trend_tests.previous_refund_rate,
        trend_tests.current_refund_rate - trend_tests.previous_refund_rate as refund_rate_change,
        trend_tests.design_effect,
        trend_tests.trend_z,
        trend_tests.trend_p_value,
        case
            when trend_tests.current_units_sold is null or trend_tests.previous_units_sold = 0
                then 'not_enough_data'
            when trend_tests.current_units_sold = 0 then 'not_enough_data'
            when trend_tests.trend_z >= {{ var('trend_z') }} then 'up'
            when trend_tests.trend_z <= -{{ var('trend_z') }} then 'down'
            else 'flat'
        end as trend_direction,

        ---------- times
        sales_totals.first_ordered_at,
        sales_totals.last_ordered_at

    from channels
    left join sales_totals
        on
            channels.channel = sales_totals.channel
            and channels.sub_channel = sales_totals.sub_channel
    left join refund_totals
        on
            channels.channel = refund_totals.channel
            and channels.sub_channel = refund_totals.sub_channel
    left join trend_tests
        on
            channels.channel = trend_tests.channel
            and channels.sub_channel = trend_tests.sub_channel

)

select * from final
