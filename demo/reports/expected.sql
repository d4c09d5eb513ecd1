-- What the reports of the chunk say, summed: the truth that a warehouse built on them must give.
with

sales as (
    select
        currency,
        count(distinct number) as orders,
        count(*) as order_lines,
        sum(quantity) filter (where line_state != 'cancelled') as units_sold,
        sum(quantity) filter (where line_state = 'cancelled') as units_cancelled,
        sum(line_minor) filter (where line_state != 'cancelled') as sales_minor,
        count(*) filter (where line_state != 'cancelled' and line_minor is null)
            as lines_without_price
    from written_lines
    group by currency
),

returns as (
    select
        currency,
        count(*) as return_lines,
        sum(units) filter (where kind in ('return', 'refund_only') and refunded_at is not null)
            as units_refunded,
        sum(units) filter (where kind = 'undelivered' and refunded_at is not null)
            as units_undelivered,
        count(*) filter (where kind = 'declined') as declined_lines,
        count(*) filter (where kind = 'replacement') as replacement_lines,
        count(*) filter (where kind in ('return', 'refund_only') and refunded_at is null)
            as open_lines,
        sum(refund_minor) as refund_minor,
        sum(stated_minor) filter (where not is_platform_fulfilled) as refund_minor_stated,
        count(*) filter (
            where refunded_at is not null and (is_platform_fulfilled or not is_amount_stated)
        ) as refunds_without_amount,
        sum(shipping_refund_minor) filter (where getvariable('sub_channel') = 'noon_ae')
            as shipping_refund_minor_stated,
        count(*) filter (where reason = 'unmapped') as unmapped_lines
    from written_returns
    group by currency
)

select
    sales.currency,
    currencies.decimals,
    sales.* exclude (currency),
    returns.* exclude (currency)
from sales
inner join currencies on sales.currency = currencies.currency
left join returns on sales.currency = returns.currency
order by sales.currency
