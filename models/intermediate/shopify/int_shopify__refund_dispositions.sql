-- Each refund with all the money that was tried to be given back, and how much of it did not go,
-- does not count or is worth something else at the order's own rate.
with

refunds as (

    select * from {{ ref('int_shopify__paid_refunds') }}

),

refund_values as (

    select * from {{ ref('int_shopify__refund_values') }}

),

orders as (

    select * from {{ ref('int_shopify__orders_classified') }}

),

component_totals as (

    select
        sub_channel,
        order_id,
        refund_id,
        count(*) filter (where excluded_reason is null) as parts_counted,
        coalesce(sum(refund_amount) filter (where excluded_reason is null), 0) as counted_amount,
        min(excluded_reason) as excluded_reason
    from {{ ref('int_shopify__refund_components') }}
    group by sub_channel, order_id, refund_id

),

compared as (

    select
        refunds.sub_channel,
        orders.created_month,
        orders.currency,
        orders.excluded_reason as order_excluded_reason,
        component_totals.excluded_reason as part_excluded_reason,
        refunds.payment_state,
        refunds.paid_amount,
        refunds.attempted_amount as amount,
        refund_values.refund_amount,
        coalesce(component_totals.parts_counted, 0) as parts_counted,
        coalesce(component_totals.counted_amount, 0) as counted_amount
    from refunds
    inner join refund_values
        on
            refunds.sub_channel = refund_values.sub_channel
            and refunds.order_id = refund_values.order_id
            and refunds.refund_id = refund_values.refund_id
    inner join orders
        on
            refunds.sub_channel = orders.sub_channel
            and refunds.order_id = orders.order_id
    left join component_totals
        on
            refunds.sub_channel = component_totals.sub_channel
            and refunds.order_id = component_totals.order_id
            and refunds.refund_id = component_totals.refund_id

),

final as (

    select
        'refunds' as record_type,
        sub_channel,
        created_month,
        currency,
        0 as units,
        amount,
        case
            when parts_counted > 0 and amount = counted_amount then null
            when order_excluded_reason is not null then order_excluded_reason
            when payment_state in ('failed', 'pending') then 'refund_' || payment_state
            when refund_amount > counted_amount then part_excluded_reason
            when amount > paid_amount then 'part_of_payment_failed'
            when refund_amount != paid_amount then 'exchange_rate_difference'
            else coalesce(part_excluded_reason, 'nothing_refunded')
        end as excluded_reason,
        parts_counted = 0 as is_row_excluded,
        0 as excluded_units,
        amount - counted_amount as excluded_amount
    from compared

)

select * from final
