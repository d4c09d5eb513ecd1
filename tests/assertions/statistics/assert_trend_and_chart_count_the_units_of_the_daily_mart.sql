-- The trend of channel_kpis and the weeks of channel_weekly count the same units, at the same age,
-- as the days of channel_kpis_daily do.
with

days as (

    select
        *,
        kpi_date >= cast({{ as_of() }} as date)
        - interval '{{ var("maturity_days") + var("trend_window_days") }} days' as is_current,
        cast(date_trunc('week', kpi_date) as date) as week_start
    from {{ ref('channel_kpis_daily') }}

),

current_window as (

    select
        channel,
        sub_channel,
        sum(units_sold) as units_sold,
        sum(units_refunded_in_time) as units_refunded
    from days
    where is_mature and is_current
    group by channel, sub_channel

),

weeks as (

    select
        channel,
        sub_channel,
        week_start,
        sum(units_sold) as units_sold,
        sum(units_refunded_in_time) as units_refunded
    from days
    group by channel, sub_channel, week_start

)

select
    kpis.channel,
    kpis.sub_channel,
    'trend' as what,
    kpis.current_units_sold as found,
    current_window.units_sold as expected
from {{ ref('channel_kpis') }} as kpis
inner join current_window
    on
        kpis.channel = current_window.channel
        and kpis.sub_channel = current_window.sub_channel
where
    kpis.current_units_sold != current_window.units_sold
    or round(kpis.current_refund_rate * kpis.current_units_sold) != current_window.units_refunded
union all
select
    charts.channel,
    charts.sub_channel,
    'chart' as what,
    charts.units_sold as found,
    weeks.units_sold as expected
from {{ ref('channel_weekly') }} as charts
inner join weeks
    on
        charts.channel = weeks.channel
        and charts.sub_channel = weeks.sub_channel
        and charts.week_start = weeks.week_start
where
    charts.category = 'all'
    and (
        charts.units_sold != weeks.units_sold
        or charts.units_refunded != weeks.units_refunded
    )
