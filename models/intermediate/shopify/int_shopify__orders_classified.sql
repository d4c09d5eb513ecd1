{{ config(materialized='table') }}

with

orders as (

    select * from {{ ref('stg_shopify__orders') }}

),

customers as (

    select * from {{ ref('stg_shopify__customers') }}

),

deliveries as (

    select * from {{ ref('int_shopify__order_deliveries') }}

),

shops as (

    select * from {{ ref('int_shopify__sub_channels') }}

),

read_orders as (

    select
        orders.*,
        coalesce(orders.currency, shops.default_currency) as shop_currency,
        -- An imported order was created on the day of the import and processed when it was placed.
        coalesce(orders.processed_at, orders.created_at) as ordered_at,
        strftime(orders.created_at, '%Y-%m') as created_month,
        deliveries.delivered_at,
        deliveries.parcels is not null as has_shipped,
        coalesce(deliveries.is_undelivered, false) as is_undelivered,
        -- Without a customer it is a guest's order, whatever address it carries. A customer whose
        -- name and address are withheld from us is still a customer.
        -- REST has no name to display.
        case
            when orders.customer_id is not null then coalesce(
                customers.display_name,
                nullif(concat_ws(' ', customers.first_name, customers.last_name), '')
            )
        end as buyer_name,
        case
            when orders.customer_id is not null then coalesce(orders.email, customers.email)
        end as buyer_email,
        case
            when orders.customer_id is not null then coalesce(orders.phone, customers.phone)
        end as buyer_phone,
        (
            orders.cancelled_at <= {{ as_of() }}
            -- The payment was let go before anything was taken.
            or (
                orders.financial_status in ('VOIDED', 'EXPIRED')
                and coalesce(orders.total_received_shop_amount, 0) = 0
            )
        ) as was_called_off
    from orders
    left join customers
        on
            orders.sub_channel = customers.sub_channel
            and orders.customer_id = customers.customer_id
    left join deliveries
        on
            orders.sub_channel = deliveries.sub_channel
            and orders.order_id = deliveries.order_id
    left join shops
        on orders.sub_channel = shops.sub_channel

),

final as (

    select
        ---------- keys
        sub_channel,
        order_id,
        customer_id as buyer_id,

        ---------- attributes
        'shopify' as channel,
        order_name,
        created_month,
        buyer_name,
        buyer_email,
        buyer_phone,
        cancel_reason,
        case
            when is_undelivered then 'undelivered'
            when was_called_off and not has_shipped then 'cancelled'
            else 'sold'
        end as order_state,
        case
            when is_test then 'test_order'
            when ordered_at > {{ as_of() }} then 'after_as_of'
        end as excluded_reason,

        ---------- amounts
        shop_currency as currency,
        presentment_currency,
        total_shop_amount as total_amount,
        total_presentment_amount,

        ---------- flags
        coalesce(taxes_included, false) as taxes_included,

        ---------- times
        ordered_at,
        delivered_at,
        case when cancelled_at <= {{ as_of() }} then cancelled_at end as cancelled_at

    from read_orders

)

select * from final
