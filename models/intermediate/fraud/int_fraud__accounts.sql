-- What the shop itself says of a customer. Only Shopify does; elsewhere what we sold stands for it.
with

users as (

    select * from {{ ref('int_scores__users') }}

),

customers as (

    select * from {{ ref('stg_shopify__customers') }}

),

told as (

    select
        concat_ws(':', 'shopify', sub_channel, customer_id) as user_key,
        {{ mask_contacts('tags') }} as tags,
        amount_spent,
        amount_spent_currency
    from customers
    where customer_id is not null

),

final as (

    select
        users.user_key,
        users.orders as lifetime_orders,
        coalesce(told.amount_spent, users.sales_usd) as lifetime_spend,
        case
            when told.amount_spent is not null then told.amount_spent_currency
            when users.sales_usd is not null then 'USD'
        end as lifetime_spend_currency,
        told.tags
    from users
    left join told
        on users.user_key = told.user_key

)

select * from final
