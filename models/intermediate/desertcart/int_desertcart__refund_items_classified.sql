{{ config(materialized='table') }}

with

refund_items as (

    select * from {{ ref('stg_desertcart__refund_items') }}

),

refunds as (

    select * from {{ ref('int_desertcart__refunds_classified') }}

),

order_items as (

    select * from {{ ref('int_desertcart__order_items_classified') }}

),

running as (

    select
        refund_items.*,
        sum(refund_items.amount) over (
            partition by refund_items.refund_id
            order by refund_items.refund_item_id asc
            rows between unbounded preceding and current row
        ) as amount_to
    from refund_items

),

final as (

    select
        ---------- keys
        running.refund_item_id,
        running.refund_id,
        coalesce(refunds.order_id, running.order_id) as order_id,
        running.order_item_id,
        order_items.sku,
        order_items.product_id,
        refunds.customer_id,

        ---------- attributes
        coalesce(refunds.order_month, 'unknown') as order_month,
        refunds.refund_kind,
        refunds.return_state,
        coalesce(running.reason, refunds.reason) as raw_reason,
        case
            when refunds.refund_id is null then 'unknown_refund'
            when refunds.excluded_reason is not null then refunds.excluded_reason
            when order_items.is_gift_card then 'gift_card_line'
        end as excluded_reason,

        ---------- amounts
        running.quantity,
        running.amount,
        -- Where less was paid than the lines add up to, something was withheld: the lines share
        -- what was paid by differences of rounded running sums, to the subunit.
        case
            when refunds.amount - refunds.shipping_amount < refunds.items_amount
                then
                    cast(
                        round(
                            running.amount_to * (refunds.amount - refunds.shipping_amount)
                            / nullif(refunds.items_amount, 0)
                        )
                        - round(
                            (running.amount_to - running.amount)
                            * (refunds.amount - refunds.shipping_amount)
                            / nullif(refunds.items_amount, 0)
                        ) as bigint
                    )
            else running.amount
        end as paid_amount,
        coalesce(refunds.currency, 'XXX') as currency,

        ---------- flags
        coalesce(refunds.has_refund, false) as has_refund,

        ---------- times
        refunds.requested_at,
        running.received_at,
        refunds.refunded_at,
        refunds.dated_at,
        refunds.dated_by

    from running
    left join refunds
        on running.refund_id = refunds.refund_id
    left join order_items
        on running.order_item_id = order_items.order_item_id

)

select * from final
