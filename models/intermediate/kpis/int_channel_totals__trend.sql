with

trend_items as (

    select * from {{ ref('int_order_items__trend') }}

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

)

select * from trend_tests
