-- What a marketplace's reports show of the chunk: the same rows and amounts for the files and for
-- the totals that tests expect.
create or replace temp view written_lines as
select
    chunk_orders.number,
    chunk_orders.digits,
    chunk_orders.order_id,
    chunk_orders.ordered_at,
    chunk_orders.shipped_at,
    chunk_orders.delivered_at,
    chunk_orders.cancelled_at,
    chunk_orders.order_state,
    chunk_orders.would_arrive_at,
    chunk_orders.is_platform_fulfilled,
    chunk_orders.customer_no,
    chunk_orders.country,
    chunk_orders.currency,
    chunk_orders.shipping_minor,
    chunk_orders.extra_draw,
    currencies.decimals,
    chunk_lines.line_no,
    chunk_lines.line_state,
    chunk_lines.unit_minor,
    products.product_no,
    products.sku,
    products.product_name,
    products.category,
    products.brand,
    -- Cancelled rows keep a quantity, an amount, or both; a pending order of the seller's own
    -- stock has no price yet.
    case
        when
            sub_channels.order_id_style = 'amazon'
            and chunk_lines.line_state = 'cancelled'
            and chunk_orders.digits % 3 != 0
            then 0
        else chunk_lines.quantity
    end as quantity,
    case
        when sub_channels.order_id_style != 'amazon' then chunk_lines.line_minor
        when chunk_lines.line_state = 'cancelled' and chunk_orders.digits % 3 = 2 then null
        when
            chunk_lines.line_state = 'pending' and not chunk_orders.is_platform_fulfilled
            then null
        else chunk_lines.line_minor
    end as line_minor
from chunk_lines
inner join chunk_orders on chunk_lines.number = chunk_orders.number
inner join products on chunk_lines.product_no = products.product_no
inner join currencies on chunk_orders.currency = currencies.currency
cross join sub_channels
where sub_channels.sub_channel_no = getvariable('sub_channel_no');

create or replace temp view written_returns as
select
    chunk_returns.*,
    chunk_returns.number * 10 + chunk_returns.line_no as return_digits,
    written_lines.* exclude (
        number, line_no, product_no, is_platform_fulfilled, quantity, line_minor, extra_draw
    ),
    written_lines.quantity as ordered_quantity,
    written_lines.line_minor,
    case when chunk_returns.is_amount_stated then chunk_returns.refund_minor end as stated_minor
from chunk_returns
inner join written_lines
    on
        chunk_returns.number = written_lines.number
        and chunk_returns.line_no = written_lines.line_no
cross join sub_channels
where
    sub_channels.sub_channel_no = getvariable('sub_channel_no')
    and case sub_channels.order_id_style
        -- The warehouse's report has no row before the goods are there.
        when 'amazon'
            then
                not chunk_returns.is_platform_fulfilled
                or (
                    chunk_returns.kind in ('return', 'undelivered')
                    and chunk_returns.received_at is not null
                )
        when 'noon' then chunk_returns.kind in ('return', 'refund_only', 'declined')
        when 'onbuy' then chunk_returns.refunded_at is not null
        else
            chunk_returns.refunded_at is not null
            or chunk_returns.kind in ('declined', 'replacement')
    end;
