{{ config(materialized='table') }}

-- A refund object proves no payment: its transactions do.
with

refunds as (

    select * from {{ ref('stg_shopify__refunds') }}

),

transactions as (

    select * from {{ ref('stg_shopify__transactions') }}
    where kind = 'REFUND' and refund_id is not null

),

-- One row a refund before anything is joined: an order has several transactions.
payments as (

    select
        sub_channel,
        order_id,
        refund_id,
        count(*) as attempts,
        count(*) filter (where status = 'SUCCESS') as succeeded,
        count(*) filter (where status in ('FAILURE', 'ERROR')) as failed,
        count(*) = count(amount_shop_amount) as is_in_shop_currency,
        sum(amount_shop_amount) as attempted_amount,
        coalesce(sum(amount_shop_amount) filter (where status = 'SUCCESS'), 0) as paid_amount,
        case
            when count(*) = count(amount_presentment_amount)
                then coalesce(sum(amount_presentment_amount) filter (where status = 'SUCCESS'), 0)
        end as paid_presentment_amount
    from transactions
    group by sub_channel, order_id, refund_id

),

final as (

    select
        ---------- keys
        refunds.sub_channel,
        refunds.order_id,
        refunds.refund_id,
        refunds.return_id,

        ---------- attributes
        refunds.note,
        case
            when payments.succeeded > 0 then 'paid'
            when payments.failed = payments.attempts then 'failed'
            when payments.attempts > 0 then 'pending'
            when refunds.total_refunded_shop_amount > 0 then 'paid'
            else 'nothing_due'
        end as payment_state,
        refunds.currency,
        refunds.presentment_currency,

        ---------- amounts
        coalesce(
            case when payments.is_in_shop_currency then payments.attempted_amount end,
            refunds.total_refunded_shop_amount,
            0
        ) as attempted_amount,
        -- REST may give a transaction in the customer's currency alone; then the header speaks.
        case
            when payments.is_in_shop_currency then payments.paid_amount
            when payments.succeeded = 0 then 0
            else coalesce(refunds.total_refunded_shop_amount, 0)
        end as paid_amount,
        coalesce(payments.paid_presentment_amount, refunds.total_refunded_presentment_amount)
            as paid_presentment_amount,

        ---------- times
        coalesce(refunds.processed_at, refunds.created_at) as refunded_at

    from refunds
    left join payments
        on
            refunds.sub_channel = payments.sub_channel
            and refunds.order_id = payments.order_id
            and refunds.refund_id = payments.refund_id

)

select * from final
