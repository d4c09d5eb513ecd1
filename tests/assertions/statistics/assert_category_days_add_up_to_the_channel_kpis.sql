-- The days of category_kpis_daily add up to channel_kpis, and its categories to its rows of all.
with

days as (

    select
        sub_channel,
        sum(if(category = 'all', orders, 0)) as orders,
        sum(if(category = 'all', orders_with_return, 0)) as orders_with_return,
        sum(if(category = 'all', units_sold, 0)) as units_sold,
        sum(if(category = 'all', units_refunded, 0)) as units_refunded,
        sum(if(category = 'all', refund_usd_by_refund_date, 0)) as refund_usd_by_refund_date,
        sum(if(category = 'all', 0, units_sold)) as units_sold_of_categories,
        sum(if(category = 'all', 0, units_refunded)) as units_refunded_of_categories
    from {{ ref('category_kpis_daily') }}
    group by sub_channel

)

select
    kpis.sub_channel,
    kpis.orders,
    days.orders as orders_of_days,
    days.units_sold,
    days.units_sold_of_categories
from {{ ref('channel_kpis') }} as kpis
left join days
    on kpis.sub_channel = days.sub_channel
where
    kpis.sub_channel != 'all'
    and (
        days.sub_channel is null
        or kpis.orders != days.orders
        or kpis.orders_with_return != days.orders_with_return
        or kpis.units_sold != days.units_sold
        or kpis.units_refunded != days.units_refunded
        or abs(coalesce(kpis.refund_usd_by_refund_date, 0) - days.refund_usd_by_refund_date) >= 0.01
        or days.units_sold != days.units_sold_of_categories
        or days.units_refunded != days.units_refunded_of_categories
    )
