with

order_items as (

    select * from {{ ref('stg_desertcart__order_items') }}

),

orders as (

    select * from {{ ref('stg_desertcart__orders') }}

),

customers as (

    select * from {{ ref('stg_desertcart__customers') }}

),

catalogue as (

    select * from {{ ref('stg_desertcart__products') }}

),

joined as (

    select
        order_items.*,
        orders.order_name,
        orders.customer_id,
        orders.order_status,
        orders.ordered_at,
        orders.delivered_at,
        orders.cancelled_at,
        coalesce(orders.is_test, false) as is_test,
        orders.order_id is not null as has_order,
        coalesce(strftime(orders.ordered_at, '%Y-%m'), 'unknown') as order_month,
        coalesce(order_items.sku, catalogue.sku) as line_sku,
        coalesce(order_items.product_name, catalogue.product_name) as line_product_name,
        catalogue.category,
        catalogue.brand,
        customers.full_name,
        customers.email,
        customers.phone,
        -- XXX is ISO 4217 for no currency: it has no unit and so never a USD amount.
        coalesce(order_items.currency, orders.currency, 'XXX') as line_currency,
        {{ status_key('order_items.item_status') }} as item_status_key,
        {{ status_key('orders.order_status') }} as order_status_key
    from order_items
    left join orders
        on order_items.order_id = orders.order_id
    left join customers
        on orders.customer_id = customers.customer_id
    left join catalogue
        on order_items.product_id = catalogue.product_id

)

select * from joined
