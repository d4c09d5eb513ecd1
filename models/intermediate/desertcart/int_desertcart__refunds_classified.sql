{{ config(materialized='table') }}

with

joined as (

    select * from {{ ref('int_desertcart__refunds_joined') }}

),

-- The shop's own word goes before the one for any.
return_states as (

    select
        status_key,
        arg_min(return_status, sub_channel = 'any') as return_status
    from {{ ref('return_states') }}
    where sub_channel in ('desertcart', 'any')
    group by status_key

),

kind_rules as (

    select
        value_key,
        arg_min(refund_kind, priority) as refund_kind
    from {{ ref('refund_kind_rules') }}
    where field = 'return_type' and layout in ('desertcart_returns', 'any')
    group by value_key

),

read_refunds as (

    select
        joined.*,
        kind_rules.refund_kind is not null or joined.refund_type_key is null as is_type_known,
        coalesce(kind_rules.refund_kind, 'return') as refund_kind,
        coalesce(return_states.return_status, 'unknown') as return_state,
        coalesce(joined.stated_amount, joined.items_amount + joined.shipping_amount) as amount,
        coalesce(joined.refunded_at, joined.received_at, joined.requested_at) as dated_at,
        case
            when joined.refunded_at is not null then 'refunded'
            when joined.received_at is not null then 'received'
            else 'requested'
        end as dated_by
    from joined
    left join return_states
        on joined.refund_status_key = return_states.status_key
    left join kind_rules
        on joined.refund_type_key = kind_rules.value_key

),

judged as (

    select
        *,
        -- A refund is money that was paid: asked for or approved is a return, not a refund.
        (
            return_state not in ('declined', 'cancelled')
            and (refunded_at is not null or return_state = 'completed')
            and coalesce(dated_at <= {{ as_of() }}, false)
        ) as has_refund,
        -- Money of the refund that none of its lines explains.
        greatest(amount - shipping_amount - items_amount, 0) as bare_amount,
        case
            when refund_kind = 'cancellation' then order_cancelled_amount
            else order_kept_amount
        end as order_goods_amount,
        case
            when refund_kind = 'cancellation' then order_cancelled_card_amount
            else order_kept_card_amount
        end as order_card_amount
    from read_refunds

),

final as (

    select
        *,
        -- Without lines, all the goods of the order are meant only if the money says so: exactly
        -- theirs, with or without the order's tax and shipping.
        (
            item_rows = 0
            and refund_kind != 'adjustment'
            and order_goods_amount > 0
            and currency = order_currency
            and (bare_amount - order_goods_amount) in (
                0,
                order_tax_amount,
                order_shipping_amount,
                order_tax_amount + order_shipping_amount
            )
        ) is true as is_whole_order,
        case
            when is_test then 'test_order'
            when requested_at > {{ as_of() }} or ordered_at > {{ as_of() }} then 'after_as_of'
            when has_only_gift_cards then 'gift_card_line'
        end as excluded_reason
    from judged

)

select * from final
