with

orders as (

    select * from {{ ref('orders') }}

),

left_out as (

    select * from {{ ref('int_orders__left_out') }}

),

decided_orders as (

    select
        orders.channel,
        orders.sub_channel,
        orders.currency,
        orders.units_sold,
        orders.sales_amount,
        left_out.excluded_reason,
        left_out.is_out_of_scans,
        left_out.is_out_of_metrics
    from orders
    inner join left_out
        on orders.order_key = left_out.order_key

),

unioned as (

    select
        'scans' as left_out_of,
        *
    from decided_orders
    where is_out_of_scans

    union all

    select
        'kpi_totals' as left_out_of,
        *
    from decided_orders
    where is_out_of_metrics

),

final as (

    select
        left_out_of,
        channel,
        sub_channel,
        'orders' as record_type,
        'resolved as ' || excluded_reason as excluded_reason,
        currency,
        count(*) as row_count,
        sum(units_sold) as units,
        sum(sales_amount) as amount
    from unioned
    group by left_out_of, channel, sub_channel, excluded_reason, currency

)

select * from final
