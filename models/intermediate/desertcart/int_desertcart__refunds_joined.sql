with

refunds as (

    select * from {{ ref('stg_desertcart__refunds') }}

),

refund_items as (

    select * from {{ ref('stg_desertcart__refund_items') }}

),

orders as (

    select * from {{ ref('stg_desertcart__orders') }}

),

order_items as (

    select * from {{ ref('int_desertcart__order_items_classified') }}

),

refund_item_totals as (

    select
        refund_id,
        count(*) as item_rows,
        sum(amount) as items_amount,
        max(received_at) as received_at
    from refund_items
    group by refund_id

),

order_totals as (

    select
        order_id,
        bool_and(is_gift_card) as has_only_gift_cards,
        sum(kept_amount) as kept_amount,
        sum(cancelled_amount) as cancelled_amount,
        sum(kept_amount) filter (where is_gift_card) as kept_card_amount,
        sum(cancelled_amount) filter (where is_gift_card) as cancelled_card_amount
    from order_items
    group by order_id

),

joined as (

    select
        refunds.refund_id,
        refunds.order_id,
        coalesce(refunds.customer_id, orders.customer_id) as customer_id,
        coalesce(strftime(orders.ordered_at, '%Y-%m'), 'unknown') as order_month,
        refunds.reason,
        {{ status_key('refunds.refund_status') }} as refund_status_key,
        {{ status_key('refunds.refund_type') }} as refund_type_key,
        coalesce(refunds.currency, orders.currency, 'XXX') as currency,
        orders.currency as order_currency,
        coalesce(refund_item_totals.item_rows, 0) as item_rows,
        coalesce(refund_item_totals.items_amount, 0) as items_amount,
        -- A refund gives no more shipping back than it gives in all.
        least(coalesce(refunds.shipping_amount, 0), refunds.amount) as shipping_amount,
        refunds.amount as stated_amount,
        orders.shipping_amount as order_shipping_amount,
        orders.tax_amount as order_tax_amount,
        order_totals.kept_amount as order_kept_amount,
        order_totals.cancelled_amount as order_cancelled_amount,
        coalesce(order_totals.kept_card_amount, 0) as order_kept_card_amount,
        coalesce(order_totals.cancelled_card_amount, 0) as order_cancelled_card_amount,
        coalesce(order_totals.has_only_gift_cards, false) as has_only_gift_cards,
        coalesce(orders.is_test, false) as is_test,
        orders.ordered_at,
        refunds.requested_at,
        refund_item_totals.received_at,
        refunds.refunded_at
    from refunds
    left join orders
        on refunds.order_id = orders.order_id
    left join refund_item_totals
        on refunds.refund_id = refund_item_totals.refund_id
    left join order_totals
        on refunds.order_id = order_totals.order_id

)

select * from joined
