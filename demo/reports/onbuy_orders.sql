-- OnBuy orders by the API's field names: one row a product of an order, British local time.
with

refunded as (
    select
        number,
        sum(units) as units_refunded
    from chunk_returns
    where refunded_at is not null
    group by number
),

sums as (
    select
        number,
        sum(line_minor) as order_minor,
        sum(quantity) as units_ordered
    from written_lines
    group by number
)

select
    strftime(london_time(written_lines.ordered_at), '%Y-%m') as _month,
    written_lines.ordered_at as _sort1,
    written_lines.number as _sort2,
    written_lines.line_no as _sort3,
    written_lines.order_id,
    cast(30000000 + written_lines.digits % 9000000 as varchar) as onbuy_internal_reference,
    strftime(london_time(written_lines.ordered_at), '%Y-%m-%d %H:%M:%S') as date,
    strftime(
        london_time(
            coalesce(
                written_lines.delivered_at,
                written_lines.cancelled_at,
                written_lines.shipped_at,
                written_lines.ordered_at
            )
        ),
        '%Y-%m-%d %H:%M:%S'
    ) as updated_at,
    strftime(london_time(written_lines.cancelled_at), '%Y-%m-%d %H:%M:%S') as cancelled_at,
    strftime(london_time(written_lines.shipped_at), '%Y-%m-%d %H:%M:%S') as shipped_at,
    case
        when written_lines.order_state = 'cancelled' then 'Cancelled'
        when refunded.units_refunded >= sums.units_ordered then 'Refunded'
        when refunded.units_refunded > 0 then 'Partially Refunded'
        when written_lines.order_state = 'pending' then 'Awaiting Dispatch'
        when written_lines.order_state = 'delivered' then 'Complete'
        else 'Dispatched'
    end as status,
    '2000' as site_id,
    'OnBuy UK' as site_name,
    money_text(sums.order_minor, 2) as price_subtotal,
    money_text(written_lines.shipping_minor, 2) as price_delivery,
    money_text(sums.order_minor + written_lines.shipping_minor, 2) as price_total,
    '0.00' as price_discount,
    written_lines.currency as currency_code,
    case when written_lines.shipping_minor > 0 then 'Tracked 24' else 'Standard' end
        as delivery_service,
    case
        when written_lines.customer_no is not null then customer_name(written_lines.customer_no)
    end as "buyer.name",
    case
        when written_lines.customer_no is not null
            then customer_email(written_lines.customer_no, 'shopper', 'com')
    end as "buyer.email",
    cast(7000 + written_lines.product_no as varchar) as "products.onbuy_internal_reference",
    written_lines.product_name as "products.name",
    written_lines.sku as "products.sku",
    money_text(written_lines.unit_minor, 2) as "products.unit_price",
    cast(written_lines.quantity as varchar) as "products.quantity"
from written_lines
inner join sums on written_lines.number = sums.number
left join refunded on written_lines.number = refunded.number
