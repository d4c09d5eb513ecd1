{{ config(materialized='table') }}

-- The paid parts of each refund, and what was paid beyond them as one more part: parts and payment
-- add up to the same money.
with

paid_claims as (

    select * from {{ ref('int_shopify__refund_claims_paid') }}

),

refunds as (

    select * from {{ ref('int_shopify__refund_values') }}

),

orders as (

    select * from {{ ref('int_shopify__orders_classified') }}

),

claim_totals as (

    select
        sub_channel,
        order_id,
        refund_id,
        sum(refund_amount) as refund_amount
    from paid_claims
    group by sub_channel, order_id, refund_id

),

adjustments as (

    select
        refunds.sub_channel,
        refunds.order_id,
        refunds.refund_id,
        'adjustment' as refund_line_id,
        'adjustment' as component,
        'adjustment' as refund_kind,
        case
            when orders.excluded_reason is not null then orders.excluded_reason
            when refunds.refunded_at > {{ as_of() }} then 'after_as_of'
        end as excluded_reason,
        cast(0 as decimal(18, 4)) as claimed_amount,
        cast(
            refunds.refund_amount - coalesce(claim_totals.refund_amount, 0) as decimal(18, 4)
        ) as refund_amount
    from refunds
    inner join orders
        on
            refunds.sub_channel = orders.sub_channel
            and refunds.order_id = orders.order_id
    left join claim_totals
        on
            refunds.sub_channel = claim_totals.sub_channel
            and refunds.order_id = claim_totals.order_id
            and refunds.refund_id = claim_totals.refund_id
    where refunds.refund_amount > coalesce(claim_totals.refund_amount, 0)

),

final as (

    select * from paid_claims
    union all
    select * from adjustments

)

select * from final
