-- Money back in shop currency at the rate of its order. A payment back is converted on its own day,
-- so that all of a foreign order's money would come back as more or less than all of it.
with

refunds as (

    select * from {{ ref('int_shopify__paid_refunds') }}

),

orders as (

    select * from {{ ref('int_shopify__orders_classified') }}

),

claim_totals as (

    select
        sub_channel,
        order_id,
        refund_id,
        sum(claimed_amount) as claimed_amount,
        sum(claimed_presentment_amount) as claimed_presentment_amount
    from {{ ref('int_shopify__refund_claims') }}
    group by sub_channel, order_id, refund_id

),

final as (

    select
        refunds.sub_channel,
        refunds.order_id,
        refunds.refund_id,
        refunds.refunded_at,
        coalesce(
            case
                when refunds.paid_amount = 0 then 0
                -- What was claimed has the order's rate, rounded as each of its lines is.
                when orders.presentment_currency != orders.currency
                    then cast(
                        round(
                            refunds.paid_presentment_amount * coalesce(
                                claim_totals.claimed_amount
                                / nullif(claim_totals.claimed_presentment_amount, 0),
                                orders.total_amount / nullif(orders.total_presentment_amount, 0)
                            ),
                            4
                        ) as decimal(18, 4)
                    )
            end,
            refunds.paid_amount
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

)

select * from final
