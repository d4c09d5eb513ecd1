with

sales_days as (

    select * from {{ ref('int_channel_days__sales') }}

),

refund_items as (

    {{ rows_in('metrics', ref('refund_items'), 'kept.refunded_at is not null') }}

),

cohorts as (

    select * from {{ ref('int_cohorts__daily') }}
    where category = 'all'

),

refund_days as (

    select
        channel,
        sub_channel,
        cast(refunded_at as date) as kpi_date,
        sum(units_refunded) filter (where is_in_refund_rate) as units_refunded,
        sum(refund_usd_at_refund_date) as refund_usd
    from refund_items
    group by channel, sub_channel, cast(refunded_at as date)

),

days as (

    select
        channel,
        sub_channel,
        kpi_date
    from sales_days
    union
    select
        channel,
        sub_channel,
        kpi_date
    from refund_days

),

final as (

    select
        ---------- keys
        days.channel,
        days.sub_channel,
        days.kpi_date,

        ---------- by order date
        coalesce(sales_days.orders, 0) as orders,
        coalesce(sales_days.orders_with_return, 0) as orders_with_return,
        cast(coalesce(sales_days.units_sold, 0) as bigint) as units_sold,
        cast(coalesce(sales_days.units_refunded, 0) as bigint) as units_refunded,
        cast(coalesce(cohorts.units_refunded, 0) as bigint) as units_refunded_in_time,
        cast(sales_days.sales_usd as decimal(18, 4)) as sales_usd,
        cast(sales_days.refund_usd as decimal(18, 4)) as refund_usd,
        {{ rate('sales_days.units_refunded', 'sales_days.units_sold') }} as refund_rate,
        {{ rate('sales_days.refund_usd', 'sales_days.sales_usd') }} as refund_value_rate,
        case
            when cohorts.is_mature
                then {{ rate('cohorts.units_refunded', 'cohorts.units_sold') }}
        end as mature_refund_rate,

        ---------- by refund date
        cast(coalesce(refund_days.units_refunded, 0) as bigint)
            as units_refunded_by_refund_date,
        cast(refund_days.refund_usd as decimal(18, 4)) as refund_usd_by_refund_date,

        ---------- flags
        days.kpi_date < cast({{ as_of() }} as date) - interval '{{ var("maturity_days") }} days'
            as is_mature

    from
        days
    {%- for part in ['sales_days', 'refund_days'] %}
    left join {{ part }}
        on
            days.channel = {{ part }}.channel
            and days.sub_channel = {{ part }}.sub_channel
            and days.kpi_date = {{ part }}.kpi_date
    {%- endfor %}
    left join cohorts
        on
            days.channel = cohorts.channel
            and days.sub_channel = cohorts.sub_channel
            and days.kpi_date = cohorts.order_date

)

select * from final
