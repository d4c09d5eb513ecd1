{{ config(materialized='table') }}

{# What the alert rules measure, of every order with a refund, an open return or a decision. #}
with

refunds as (

    select * from {{ ref('int_orders__alert_refunds') }}

),

returns as (

    select * from {{ ref('int_orders__alert_returns') }}

),

resolutions as (

    select * from {{ ref('int_orders__resolutions') }}

),

concerned as (

    select refunds.order_key from refunds
    union
    select returns.order_key from returns
    union
    select resolutions.order_key from resolutions

),

orders as (

    select * from {{ ref('orders') }}

),

candidates as (

    select distinct user_key
    from {{ ref('fraud_candidates') }}

),

compared as (

    select
        orders.order_key,
        orders.user_key,
        orders.channel,
        orders.sub_channel,
        orders.order_id,
        orders.order_name,
        orders.units_sold,
        orders.currency,
        orders.sales_amount,
        orders.sales_usd,
        orders.ordered_at,
        refunds.units_refunded,
        refunds.units_over_refunded,
        refunds.over_refunded_units_usd,
        refunds.item_refund_amount,
        refunds.item_refund_usd,
        refunds.refund_usd,
        refunds.kept_refund_usd,
        refunds.undelivered_refund_usd,
        refunds.unmapped_refund_usd,
        refunds.repeated_refunds,
        refunds.repeated_usd,
        refunds.has_returned_goods,
        refunds.top_reason,
        refunds.top_reason_category,
        refunds.last_refunded_at,
        returns.open_returns,
        returns.open_return_days,
        returns.open_return_usd,
        returns.first_requested_at,
        candidates.user_key is not null as is_candidate,
        resolutions.resolution_state in ('expired', 'reopened', 'changed') as has_lapsed_decision,
        -- Only where both are in one currency: amounts of two currencies do not compare.
        case
            when refunds.currencies = 1 and refunds.currency = orders.currency
                then refunds.item_refund_amount - orders.sales_amount
        end as amount_over_refunded,
        case
            when refunds.currencies = 1 and refunds.currency = orders.currency
                then {{ rate('refunds.item_refund_amount', 'orders.sales_amount') }}
        end as times_paid
    from concerned
    inner join orders
        on concerned.order_key = orders.order_key
    left join refunds
        on concerned.order_key = refunds.order_key
    left join returns
        on concerned.order_key = returns.order_key
    left join candidates
        on orders.user_key = candidates.user_key
    left join resolutions
        on concerned.order_key = resolutions.order_key

),

final as (

    select
        *,
        case
            when amount_over_refunded > 0
                then
                    cast(
                        amount_over_refunded * item_refund_usd / nullif(item_refund_amount, 0)
                        as decimal(18, 4)
                    )
        end as over_refunded_usd
    from compared

)

select * from final
