-- Reads the sources itself: a control total taken from the staged rows could not notice what
-- staging lost. A record counts once, as the newest run of its order has it.
with

orders as (

    select
        store,
        order_id,
        max(_run_id) as run_id,
        arg_max({{ utc_moment('created_at', "'UTC'") }}, _run_id) as created_at
    from {{ source('shopify', 'orders') }}
    group by store, order_id

),

order_lines as (

    select distinct
        'order_lines' as record_type,
        store,
        order_id,
        _run_id as run_id,
        order_line_id as record_id,
        {{ safe_cast('quantity', 'decimal(18, 4)') }} as units,
        coalesce(
            {{ safe_cast('line_shop_amount', 'decimal(18, 4)') }},
            {{ safe_cast('quantity', 'decimal(18, 4)') }}
            * {{ safe_cast('unit_price_shop_amount', 'decimal(18, 4)') }}
        ) as amount
    from {{ source('shopify', 'order_lines') }}

),

refund_lines as (

    select distinct
        'refund_lines' as record_type,
        store,
        order_id,
        _run_id as run_id,
        refund_line_id as record_id,
        {{ safe_cast('quantity', 'decimal(18, 4)') }} as units,
        {{ safe_cast('subtotal_shop_amount', 'decimal(18, 4)') }} as amount
    from {{ source('shopify', 'refund_lines') }}

),

return_lines as (

    select distinct
        'return_lines' as record_type,
        store,
        order_id,
        _run_id as run_id,
        return_line_id as record_id,
        {{ safe_cast('quantity', 'decimal(18, 4)') }} as units,
        0 as amount
    from {{ source('shopify', 'return_lines') }}

),

refunds as (

    select * from {{ ref('int_shopify__raw_refunds') }}

),

records as (

    select * from order_lines
    union all
    select * from refund_lines
    union all
    select * from return_lines
    union all
    select * from refunds

),

final as (

    select
        records.record_type,
        lower(records.store) as sub_channel,
        records.record_type || ' ' || strftime(orders.created_at, '%Y-%m') as source_batch,
        count(*) as row_count,
        coalesce(sum(records.units), 0) as units,
        cast(coalesce(sum(records.amount), 0) as decimal(18, 4)) as amount
    from records
    inner join orders
        on
            records.store = orders.store
            and records.order_id = orders.order_id
            and records.run_id = orders.run_id
    group by
        records.record_type, lower(records.store), strftime(orders.created_at, '%Y-%m')

)

select * from final
