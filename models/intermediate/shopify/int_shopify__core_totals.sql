with

order_items as (

    select * from {{ ref('order_items') }}
    where channel = 'shopify'

),

-- Goods put back in stock without a refund are returns made of refund lines.
return_items as (

    select * from {{ ref('return_items') }}
    where channel = 'shopify' and starts_with(source_batch, 'return_lines ')

),

-- Exchanges that only a return speaks of are no rows of a refund.
refund_items as (

    select * from {{ ref('refund_items') }}
    where channel = 'shopify' and record_type in ('refund_lines', 'refunds')

),

final as (

    select
        sub_channel,
        source_batch,
        count(*) as row_count,
        sum(units_ordered) as units,
        sum(ordered_amount) as amount
    from order_items
    group by sub_channel, source_batch

    union all

    select
        sub_channel,
        source_batch,
        count(*) as row_count,
        sum(units_returned) as units,
        0 as amount
    from return_items
    group by sub_channel, source_batch

    union all

    select
        sub_channel,
        source_batch,
        count(distinct refund_line_key) as row_count,
        sum(units_refunded) as units,
        sum(refund_amount) as amount
    from refund_items
    where record_type = 'refund_lines'
    group by sub_channel, source_batch

    union all

    -- The money of a refund is that of its lines and of all else in it.
    select
        sub_channel,
        'refunds ' || right(source_batch, 7) as source_batch,
        count(distinct refund_id) as row_count,
        0 as units,
        sum(refund_amount) as amount
    from refund_items
    group by sub_channel, right(source_batch, 7)

)

select * from final
