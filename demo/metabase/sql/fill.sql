-- The orders of a chunk as rows of the shop's operational tables. Ids grow with the order's number.
insert into shop.orders
select
    chunk_orders.number + $first_id as order_id,
    chunk_orders.order_id as order_number,
    chunk_orders.customer_no + 1 as customer_id,
    chunk_orders.ordered_at,
    greatest(
        chunk_orders.ordered_at,
        chunk_orders.shipped_at,
        chunk_orders.delivered_at,
        chunk_orders.cancelled_at
    ) as updated_at,
    chunk_orders.delivered_at,
    chunk_orders.cancelled_at,
    case chunk_orders.order_state when 'pending' then 'placed' else chunk_orders.order_state end
        as status,
    false as is_test,
    chunk_orders.currency,
    sum(terms.price_minor * chunk_lines.quantity) as items_amount,
    sum((terms.price_minor - chunk_lines.unit_minor) * chunk_lines.quantity) as discount_amount,
    any_value(chunk_orders.shipping_minor) as shipping_amount,
    0 as tax_amount,
    sum(chunk_lines.line_minor) + any_value(chunk_orders.shipping_minor) as total_amount
from chunk_orders
inner join chunk_lines on chunk_orders.number = chunk_lines.number
inner join terms
    on
        chunk_orders.currency = terms.currency
        and chunk_lines.product_no = terms.product_no
        and terms.sub_channel_no = $sub_channel_no
group by all
order by order_id;

insert into shop.order_items
select
    chunk_lines.number * 4 + chunk_lines.line_no + $first_id as order_item_id,
    chunk_lines.number + $first_id as order_id,
    chunk_lines.product_no + 1 as product_id,
    products.sku,
    products.product_name,
    chunk_lines.quantity,
    case when chunk_lines.line_state = 'cancelled' then chunk_lines.quantity else 0 end
        as cancelled_quantity,
    terms.price_minor as unit_amount,
    (terms.price_minor - chunk_lines.unit_minor) * chunk_lines.quantity as discount_amount,
    chunk_lines.line_minor as line_amount,
    chunk_orders.currency,
    case chunk_lines.line_state when 'pending' then 'placed' else chunk_lines.line_state end
        as status,
    false as is_gift_card,
    case
        when chunk_lines.line_state = 'cancelled' and chunk_orders.order_state != 'cancelled'
            then least(chunk_orders.ordered_at + interval 2 hour, $as_of)
        else greatest(
            chunk_orders.ordered_at,
            chunk_orders.shipped_at,
            chunk_orders.delivered_at,
            chunk_orders.cancelled_at
        )
    end as updated_at
from chunk_lines
inner join chunk_orders on chunk_lines.number = chunk_orders.number
inner join products on chunk_lines.product_no = products.product_no
inner join terms
    on
        chunk_orders.currency = terms.currency
        and chunk_lines.product_no = terms.product_no
        and terms.sub_channel_no = $sub_channel_no
order by chunk_lines.number, chunk_lines.line_no;

-- What is not paid yet, or never will be, shows the amount that was asked for.
insert into shop.refunds
select
    chunk_returns.number * 16 + chunk_returns.line_no * 4 + chunk_returns.return_no as refund_id,
    chunk_returns.number + $first_id as order_id,
    chunk_orders.customer_no + 1 as customer_id,
    chunk_returns.requested_at,
    chunk_returns.refunded_at,
    greatest(chunk_returns.requested_at, chunk_returns.received_at, chunk_returns.refunded_at)
        as updated_at,
    case
        when chunk_returns.kind = 'declined' then 'declined'
        when chunk_returns.refunded_at is not null then 'refunded'
        when chunk_returns.received_at is not null then 'approved'
        else 'requested'
    end as status,
    case chunk_returns.kind when 'declined' then 'return' else chunk_returns.kind end
        as refund_type,
    chunk_orders.currency,
    coalesce(chunk_returns.refund_minor, chunk_lines.unit_minor * chunk_returns.units)
    + chunk_returns.shipping_refund_minor as amount,
    chunk_returns.shipping_refund_minor as shipping_amount,
    chunk_returns.raw_reason as reason,
    null as note
from chunk_returns
inner join chunk_orders on chunk_returns.number = chunk_orders.number
inner join chunk_lines
    on
        chunk_returns.number = chunk_lines.number
        and chunk_returns.line_no = chunk_lines.line_no
order by chunk_returns.number, chunk_returns.line_no, chunk_returns.return_no;

insert into shop.refund_items
select
    chunk_returns.number * 16 + chunk_returns.line_no * 4 + chunk_returns.return_no
        as refund_item_id,
    chunk_returns.number * 16 + chunk_returns.line_no * 4 + chunk_returns.return_no as refund_id,
    chunk_returns.number + $first_id as order_id,
    chunk_returns.number * 4 + chunk_returns.line_no + $first_id as order_item_id,
    chunk_returns.units as quantity,
    coalesce(chunk_returns.refund_minor, chunk_lines.unit_minor * chunk_returns.units) as amount,
    chunk_returns.received_at is not null as is_received,
    chunk_returns.received_at,
    null as reason,
    greatest(chunk_returns.requested_at, chunk_returns.received_at, chunk_returns.refunded_at)
        as updated_at
from chunk_returns
inner join chunk_lines
    on
        chunk_returns.number = chunk_lines.number
        and chunk_returns.line_no = chunk_lines.line_no
order by chunk_returns.number, chunk_returns.line_no, chunk_returns.return_no;

insert into seen_customers
select
    customer_no,
    arg_min(country, number) as country,
    min(ordered_at) as first_ordered_at,
    max(ordered_at) as last_ordered_at
from chunk_orders
where customer_no is not null
group by customer_no
