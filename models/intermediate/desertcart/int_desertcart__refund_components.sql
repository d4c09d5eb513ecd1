-- Money of a refund that none of its lines names: shipping, tax, goodwill, and the goods of refunds
-- that have no lines.
with

refunds as (

    select * from {{ ref('int_desertcart__refunds_classified') }}
    where has_refund and excluded_reason is null

),

order_items as (

    select * from {{ ref('int_desertcart__order_items_classified') }}

),

-- All goods of the order: as if each of its lines had been named.
whole_orders as (

    select
        refunds.*,
        'item' as component,
        order_items.order_item_id,
        order_items.sku,
        order_items.product_id,
        case
            when refunds.refund_kind = 'cancellation' then order_items.units_cancelled
            else order_items.units_ordered - order_items.units_cancelled
        end as component_units,
        case
            when refunds.refund_kind = 'cancellation' then order_items.cancelled_amount
            else order_items.kept_amount
        end as component_amount,
        order_items.excluded_reason as line_excluded_reason
    from refunds
    inner join order_items
        on refunds.order_id = order_items.order_id
    where refunds.is_whole_order

),

-- What a refund of a whole order holds beyond the goods: shipping, tax or both.
extras as (

    select
        *,
        case
            when not is_whole_order then 0
            when
                bare_amount - order_goods_amount
                in (order_shipping_amount, order_shipping_amount + order_tax_amount)
                then order_shipping_amount
            else 0
        end as extra_shipping_amount
    from refunds

),

components as (

    select unnest(['shipping', 'tax', 'adjustment']) as component

),

money_only as (

    select
        extras.*,
        components.component,
        case
            when components.component = 'shipping'
                then extras.shipping_amount + extras.extra_shipping_amount
            when components.component = 'adjustment' and not extras.is_whole_order
                then extras.bare_amount
            when components.component = 'tax' and extras.is_whole_order
                then
                    extras.bare_amount - extras.order_goods_amount
                    - extras.extra_shipping_amount
            else 0
        end as component_amount,
        -- Nobody states an amount and no line does: it stays unknown.
        components.component = 'adjustment'
        and extras.stated_amount is null
        and extras.item_rows = 0 as is_unknown_amount
    from extras
    cross join components

),

unioned as (

    select
        refund_id,
        order_id,
        order_month,
        component,
        order_item_id,
        sku,
        product_id,
        customer_id,
        refund_kind,
        component_units as units_refunded,
        component_amount as refund_amount,
        currency,
        reason as raw_reason,
        dated_at,
        dated_by
    from whole_orders
    where line_excluded_reason is null and component_units > 0

    union all

    -- No goods: they count as money and never as units.
    select
        refund_id,
        order_id,
        order_month,
        component,
        cast(null as varchar) as order_item_id,
        cast(null as varchar) as sku,
        cast(null as varchar) as product_id,
        customer_id,
        'adjustment' as refund_kind,
        0 as units_refunded,
        case when not is_unknown_amount then component_amount end as refund_amount,
        currency,
        reason as raw_reason,
        dated_at,
        dated_by
    from money_only
    where component_amount > 0 or is_unknown_amount

)

select * from unioned
