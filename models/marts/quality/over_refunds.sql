with

order_items as (

    select * from {{ ref('order_items') }}

),

refund_items as (

    select * from {{ ref('refund_items') }}
    where order_key is not null and product_key is not null and refund_kind != 'cancellation'

),

product_refunds_of_orders as (

    select
        order_key,
        product_key,
        sum(units_refunded) as units_refunded,
        sum(units_refunded) filter (where is_over_refund) as units_over_refunded,
        -- Item money against item money: shipping given back was not part of the line.
        sum(refund_amount) filter (where component = 'item') as refund_amount,
        sum(refund_usd) filter (where component = 'item') as refund_usd,
        string_agg(distinct refund_id, ', ' order by refund_id) as refund_ids,
        min(currency) as refund_currency,
        count(distinct currency) as refund_currencies,
        max(refunded_at) as last_refunded_at
    from refund_items
    group by order_key, product_key

),

product_sales_of_orders as (

    select
        order_key,
        product_key,
        min(channel) as channel,
        min(sub_channel) as sub_channel,
        min(currency) as currency,
        sum(units_sold) as units_sold,
        sum(sales_amount) as sales_amount
    from order_items
    group by order_key, product_key

),

compared as (

    select
        product_sales_of_orders.channel,
        product_sales_of_orders.sub_channel,
        product_sales_of_orders.order_key,
        product_sales_of_orders.product_key,
        cast(product_sales_of_orders.units_sold as bigint) as units_sold,
        cast(product_refunds_of_orders.units_refunded as bigint) as units_refunded,
        cast(coalesce(product_refunds_of_orders.units_over_refunded, 0) as bigint)
            as units_over_refunded,
        product_sales_of_orders.currency,
        cast(product_sales_of_orders.sales_amount as decimal(18, 4)) as sales_amount,
        cast(product_refunds_of_orders.refund_amount as decimal(18, 4)) as refund_amount,
        -- Only where both are in one currency: amounts of two currencies do not compare.
        case
            when
                product_refunds_of_orders.refund_currencies = 1
                and product_refunds_of_orders.refund_currency = product_sales_of_orders.currency
                then
                    cast(
                        greatest(
                            product_refunds_of_orders.refund_amount
                            - product_sales_of_orders.sales_amount,
                            0
                        ) as decimal(18, 4)
                    )
        end as amount_over_refunded,
        cast(product_refunds_of_orders.refund_usd as decimal(18, 4)) as refund_usd,
        product_refunds_of_orders.refund_ids,
        product_refunds_of_orders.last_refunded_at
    from product_refunds_of_orders
    inner join product_sales_of_orders
        on
            product_refunds_of_orders.order_key = product_sales_of_orders.order_key
            and product_refunds_of_orders.product_key = product_sales_of_orders.product_key

),

final as (

    select * from compared
    where units_over_refunded > 0 or amount_over_refunded > 0

)

select * from final
