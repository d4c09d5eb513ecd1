with

cohorts as (

    select * from {{ ref('int_cohorts__daily') }}
    where category = 'all' and is_mature

),

likeness as (

    select * from {{ ref('int_cohorts__likeness') }}
    where is_whole_order

),

-- Two windows of whole days, the later one ending where orders stop being mature.
windows as (

    select
        *,
        case
            when
                order_date >= cast({{ as_of() }} as date)
                - interval '{{ var("maturity_days") + var("trend_window_days") }} days'
                then 'current'
            else 'previous'
        end as trend_window
    from cohorts
    where
        order_date >= cast({{ as_of() }} as date)
        - interval '{{ var("maturity_days") + 2 * var("trend_window_days") }} days'

),

trend_totals as (

    select
        coalesce(channel, 'all') as channel,
        coalesce(sub_channel, 'all') as sub_channel,
        {%- for window in ['current', 'previous'] %}
            coalesce(sum(units_sold) filter (where trend_window = '{{ window }}'), 0)
                as {{ window }}_units_sold,
            coalesce(sum(units_refunded) filter (where trend_window = '{{ window }}'), 0)
                as {{ window }}_units_refunded,
        {%- endfor %}
        sum(squared_units_sold) / nullif(cast(sum(units_sold) as double), 0) as order_size,
        {{ design_effect(
            'sum(units_refunded)',
            'sum(units_sold)',
            'sum(squared_units_refunded)',
            'sum(units_sold_by_refunded)',
            'sum(squared_units_sold)'
        ) }} as own_design_effect
    from windows
    group by grouping sets ((channel, sub_channel), (channel), ())

),

-- Two months of a small channel hold a few returned orders, which say little about how alike the
-- units of an order are: never below what its order sizes explain.
with_design_effects as (

    select
        trend_totals.*,
        greatest(
            trend_totals.own_design_effect,
            1 + likeness.order_correlation * (trend_totals.order_size - 1)
        ) as design_effect
    from trend_totals
    cross join likeness

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
        ) }} / sqrt(design_effect) as trend_z
    from with_design_effects

),

final as (

    select
        *,
        2 * {{ normal_tail('abs(trend_z)') }} as trend_p_value
    from trend_tests

)

select * from final
