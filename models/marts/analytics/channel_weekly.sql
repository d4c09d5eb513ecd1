{#
    A p' chart (Laney 2002) and a CUSUM. The evidence of a week is divided by the variance that weeks
    have beyond chance, so that a lively channel does not cry wolf.
#}
{% set of_baseline -%}
    filter (where week_number <= {{ var('chart_baseline_weeks') }}) over (partition by series)
{%- endset -%}
with

weeks as (

    select * from {{ ref('int_cohorts__weekly') }}

),

-- A baseline is known as well as its weeks allow: one standard error more is given to it.
guarded as (

    select
        *,
        centre + sqrt(
            centre * (1 - centre)
            * sum(cast(units_sold * sigma_z * sigma_z as decimal(28, 9))) {{ of_baseline }}
        ) / sum(units_sold) {{ of_baseline }} as guarded_centre
    from weeks

),

sums as (

    select
        *,
        sum(
            cast(
                {{ log_likelihood_ratio(
                    'units_refunded', 'units_sold', 'guarded_centre', var('cusum_odds_ratio')
                ) }} / (sigma_z * sigma_z) as decimal(28, 9)
            )
        ) over (partition by series order by week_number) as evidence
    from guarded

),

heights as (

    select
        *,
        cast({{ cusum('evidence', 'partition by series order by week_number') }} as double)
            as cusum,
        {{ control_limit('centre', 'units_sold', 'sigma_z', 3, 'lower') }} as lower_limit,
        {{ control_limit('centre', 'units_sold', 'sigma_z', 3, 'upper') }} as upper_limit,
        baseline_weeks >= {{ var('chart_min_weeks') }} as has_baseline
    from sums

),

-- A climb begins in the week after the CUSUM last stood at zero.
climbs as (

    select
        *,
        max(case when cusum = 0 then week_start + interval '7 days' end) over (
            partition by series order by week_number
        ) as climb_began
    from heights

),

final as (

    select
        ---------- keys
        channel,
        sub_channel,
        category,
        week_start,

        ---------- amounts
        orders,
        units_sold,
        units_refunded,
        {{ rate('units_refunded', 'units_sold') }} as refund_rate,

        ---------- control chart
        centre as baseline_refund_rate,
        sigma_z,
        lower_limit,
        upper_limit,
        case
            when not has_baseline then 'no_baseline'
            when {{ rate('units_refunded', 'units_sold') }} > upper_limit then 'above'
            when {{ rate('units_refunded', 'units_sold') }} < lower_limit then 'below'
            else 'within'
        end as chart_position,

        ---------- CUSUM
        cusum,
        has_baseline and cusum >= {{ var('cusum_threshold') }} as has_moved_up,
        case
            when has_baseline and cusum >= {{ var('cusum_threshold') }}
                then cast(coalesce(
                    climb_began, min(week_start) over (partition by series)
                ) as date)
        end as moved_up_since

    from climbs

)

select * from final
