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
refund_amounts as (

    select
        refund_items.refund_id,
        refund_items.source_batch,
        'refunds ' || right(refund_items.source_batch, 7) as refunds_batch,
        refund_items.refund_amount * currency_units.units_per_major as amount
    from refund_items
    left join currency_units
        on refund_items.currency = currency_units.currency

),

records as (

    select
        'orders ' || strftime(ordered_at, '%Y-%m') as source_batch,
        1 as row_count
    from orders

    union all by name

    select
        order_items.source_batch,
        1 as row_count,
        order_items.units_ordered as units,
        order_items.ordered_amount * currency_units.units_per_major as amount
    from order_items
    left join currency_units
        on order_items.currency = currency_units.currency

    union all by name

    -- Every line of a refund is a return, paid or not.
    select
        source_batch,
        1 as row_count,
        units_returned as units
    from return_items
    where source_batch like 'refund_items %'

    union all by name

    select
        source_batch,
        amount
    from refund_amounts
    where source_batch like 'refund_items %'

    union all by name

    -- A refund is in core as a return, as money or as both: one record.
    select
        refunds_batch as source_batch,
        refund_id,
        amount
    from refund_amounts

    union all by name

    select
        'refunds ' || right(source_batch, 7) as source_batch,
        return_id as refund_id
    from return_items

),

final as (

    select
        split_part(source_batch, ' ', 1) as record_type,
        source_batch,
        coalesce(sum(row_count), 0) + count(distinct refund_id) as row_count,
        coalesce(sum(units), 0) as units,
        coalesce(sum(amount), 0) as amount
    from records
    group by source_batch

)

select * from final
