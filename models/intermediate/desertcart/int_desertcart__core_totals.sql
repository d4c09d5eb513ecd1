with

orders as (

    select * from {{ ref('orders') }}
    where channel = 'desertcart'

),

order_items as (

    select * from {{ ref('order_items') }}
    where channel = 'desertcart'

),

return_items as (

    select * from {{ ref('return_items') }}
    where channel = 'desertcart'

),

refund_items as (

    select * from {{ ref('refund_items') }}
    where channel = 'desertcart'

),

currency_units as (

    select * from {{ ref('int_currency_units__by_source') }}
    where source_system = 'desertcart'

),

-- Back in subunits, as the source counts. Amounts without a unit are null here and are counted as
-- left out.
order_item_totals as (

    select
        'order_items' as record_type,
        order_items.source_batch,
        count(*) as row_count,
        sum(order_items.units_ordered) as units,
        sum(order_items.ordered_amount * currency_units.units_per_major) as amount
    from order_items
    left join currency_units
        on order_items.currency = currency_units.currency
    group by order_items.source_batch

),

refund_amounts as (

    select
        refund_items.refund_id,
        refund_items.record_type,
        refund_items.source_batch,
        refund_items.refund_amount * currency_units.units_per_major as amount
    from refund_items
    left join currency_units
        on refund_items.currency = currency_units.currency

),

-- A refund is in core as a return, as money or as both.
refund_mentions as (

    select
        return_id as refund_id,
        'refunds ' || right(source_batch, 7) as source_batch,
        0 as amount
    from return_items

    union all

    select
        refund_id,
        'refunds ' || right(source_batch, 7) as source_batch,
        amount
    from refund_amounts

),

unioned as (

    select
        'orders' as record_type,
        'orders ' || strftime(ordered_at, '%Y-%m') as source_batch,
        count(*) as row_count,
        0 as units,
        0 as amount
    from orders
    group by strftime(ordered_at, '%Y-%m')

    union all

    select * from order_item_totals

    union all

    select
        'refund_items' as record_type,
        source_batch,
        count(*) as row_count,
        sum(units_returned) as units,
        0 as amount
    from return_items
    where source_batch like 'refund_items %'
    group by source_batch

    union all

    select
        record_type,
        source_batch,
        0 as row_count,
        0 as units,
        sum(amount) as amount
    from refund_amounts
    where record_type = 'refund_items'
    group by record_type, source_batch

    union all

    select
        'refunds' as record_type,
        source_batch,
        count(distinct refund_id) as row_count,
        0 as units,
        sum(amount) as amount
    from refund_mentions
    group by source_batch

),

final as (

    select
        record_type,
        source_batch,
        sum(row_count) as row_count,
        sum(units) as units,
        coalesce(sum(amount), 0) as amount
    from unioned
    group by record_type, source_batch

)

select * from final
