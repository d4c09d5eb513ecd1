{{ config(materialized='table') }}

with

orders as (

    select * from {{ ref('int_fraud__orders') }}

),

users as (

    select * from {{ ref('users') }}

),

customers as (

    select
        user_key,
        min(channel) as channel,
        min(sub_channel) as sub_channel,
        {{ fraud_counts() }},
        cast(sum(sales_usd) as decimal(18, 4)) as sales_usd,
        cast(sum(refund_usd) as decimal(18, 4)) as refund_usd,
        min(ordered_at) as first_ordered_at,
        max(ordered_at) as last_ordered_at,
        max(last_requested_at) as last_return_at
    from orders
    group by user_key

),

ruled as (

    select
        *,
        {{ fraud_rules() }}
    from customers

),

final as (

    select
        ruled.*,
        users.person_key
    from ruled
    inner join users
        on ruled.user_key = users.user_key

)

select * from final
