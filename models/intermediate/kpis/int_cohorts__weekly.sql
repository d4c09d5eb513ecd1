{#
    Weeks of orders at equal age against a baseline: the first weeks, so that a lasting change is not
    taken for the usual. `sigma_z` is Laney's: how much more the weeks vary than chance would have it,
    or what the sizes of a week's orders explain (Kish 1965), for a huge order comes back as one. Not
    what came back of them: it must not decide how much it weighs.
#}
with

cohorts as (

    select * from {{ ref('int_cohorts__daily') }}
    -- A week that is not wholly mature would look better than it is.
    where order_date < date_trunc(
        'week', cast({{ as_of() }} as date) - interval '{{ var("maturity_days") }} days'
    )

),

likeness as (

    select * from {{ ref('int_cohorts__likeness') }}

),

weeks as (

    select
        coalesce(channel, 'all') as channel,
        coalesce(sub_channel, 'all') as sub_channel,
        category,
        cast(date_trunc('week', order_date) as date) as week_start,
        cast(sum(orders) as bigint) as orders,
        cast(sum(units_sold) as bigint) as units_sold,
        cast(sum(units_refunded) as bigint) as units_refunded,
        sum(squared_units_sold) as squared_units_sold,
        concat_ws(':', coalesce(channel, 'all'), coalesce(sub_channel, 'all'), category)
            as series,
        row_number() over (
            partition by channel, sub_channel, category
            order by date_trunc('week', order_date)
        ) as week_number
    from cohorts
    group by
        grouping sets (
            (channel, sub_channel, category, date_trunc('week', order_date)),
            (channel, category, date_trunc('week', order_date)),
            (category, date_trunc('week', order_date))
        )

),

baselines as (

    select
        series,
        count(*) as baseline_weeks,
        sum(units_refunded) / nullif(cast(sum(units_sold) as double), 0) as centre
    from weeks
    where week_number <= {{ var('chart_baseline_weeks') }}
    group by series

),

standardised as (

    select
        weeks.*,
        baselines.centre,
        baselines.baseline_weeks,
        1 + likeness.order_correlation * (
            weeks.squared_units_sold / cast(weeks.units_sold as double) - 1
        ) as design_effect,
        (
            weeks.units_refunded / cast(weeks.units_sold as double) - baselines.centre
        ) / nullif(
            sqrt(baselines.centre * (1 - baselines.centre) / weeks.units_sold), 0
        ) as z
    from weeks
    inner join baselines
        on weeks.series = baselines.series
    inner join likeness
        on (weeks.category = 'all') = likeness.is_whole_order

),

moving_ranges as (

    select
        *,
        abs(z - lag(z) over (partition by series order by week_number)) as moving_range
    from standardised

),

-- 1.128 is the mean range of two standard normal values.
spreads as (

    select
        channel,
        sub_channel,
        category,
        week_start,
        orders,
        units_sold,
        units_refunded,
        series,
        week_number,
        centre,
        baseline_weeks,
        greatest(
            sqrt(design_effect),
            coalesce(avg(cast(moving_range as decimal(18, 9))) filter (
                where week_number <= {{ var('chart_baseline_weeks') }}
            ) over (partition by series) / 1.128, 1.0)
        ) as sigma_z
    from moving_ranges

)

select * from spreads
