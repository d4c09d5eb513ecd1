-- What kind of refund each line is, from what the shop did with the goods and what its returns say.
with

refund_lines as (

    select * from {{ ref('int_shopify__refund_lines_linked') }}

),

final as (

    select
        *,
        case
            when line_class not in ('product', 'exchange') then 'adjustment'
            when order_state = 'cancelled' then 'cancellation'
            when restock_kind = 'cancellation' then 'cancellation'
            when is_exchanged then 'exchange'
            when order_state = 'undelivered' then 'undelivered'
            when has_own_return or has_come_back then 'return'
            -- Neither goods nor money came back: the units were taken off the order.
            when
                coalesce(restock_kind, 'refund_only') = 'refund_only'
                and payment_state = 'nothing_due'
                then 'cancellation'
            else coalesce(restock_kind, 'refund_only')
        end as refund_kind
    from refund_lines

)

select * from final
