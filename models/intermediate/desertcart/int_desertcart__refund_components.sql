-- Money of refunds that no line of theirs names: shipping, tax, goodwill, goods without lines.
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
        order_items.order_item_id,
        order_items.sku,
        order_items.product_id,
        'item' as component,
        case
            when refunds.refund_kind = 'cancellation' then order_items.units_cancelled
            else order_items.units_ordered - order_items.units_cancelled
        end as component_units,
        case
            when refunds.refund_kind = 'cancellation' then order_items.cancelled_amount
            else order_items.kept_amount
        end as component_amount
    from refunds
    inner join order_items
        on refunds.order_id = order_items.order_id
    where refunds.is_whole_order and order_items.excluded_reason is null

),

-- What a refund of a whole order holds beyond the goods: shipping, tax or both.
extras as (

    select
        *,
        case when is_whole_order then bare_amount - order_goods_amount else 0 end as extra_amount,
        case
            when
                is_whole_order
                and bare_amount - order_goods_amount
                in (order_shipping_amount, order_shipping_amount + order_tax_amount)
                then order_shipping_amount
            else 0
        end as extra_shipping_amount
    from refunds

),

components as (

    select unnest(['shipping', 'tax', 'adjustment']) as component

),

-- No goods: they count as money and never as units.
money_only as (

    select
        extras.*,
        components.component,
        case
            when components.component = 'shipping'
                then extras.shipping_amount + extras.extra_shipping_amount
            when components.component = 'tax'
                then extras.extra_amount - extras.extra_shipping_amount
            when extras.is_whole_order then 0
            -- Nobody states an amount and no line does: it stays unknown.
            when extras.stated_amount is not null or extras.item_rows > 0
                then extras.bare_amount
        end as component_amount
    from extras
    cross join components

),

unioned as (

    select * from whole_orders
    where component_units > 0 or component_amount > 0

    union all by name

    select * from money_only
    where component_amount > 0 or component_amount is null

),

final as (

    select
        refund_id,
        order_id,
        order_month,
        component,
        order_item_id,
        sku,
        product_id,
        customer_id,
        case when component_units > 0 then refund_kind else 'adjustment' end as refund_kind,
        coalesce(component_units, 0) as units_refunded,
        component_amount as refund_amount,
        currency,
        reason as raw_reason,
        dated_at,
        dated_by
    from unioned

)

select * from final
