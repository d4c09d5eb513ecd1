-- From the sources: a total of staging could not notice what staging lost.
with

landings as (

    select
        order_id,
        arg_max(_run_id, (cast(updated_at as timestamptz), _run_id)) as run_id,
        arg_max(substr(ordered_at, 1, 7), (cast(updated_at as timestamptz), _run_id))
            as order_month
    from {{ source('metabase', 'orders') }}
    group by order_id

),

records as (

    select
        'order_items' as record_type,
        order_item_id as record_id,
        order_id,
        _run_id,
        updated_at,
        {{ safe_cast('quantity', 'bigint') }} as units,
        coalesce(
            {{ safe_cast('line_amount', 'bigint') }}
            + coalesce({{ safe_cast('discount_amount', 'bigint') }}, 0),
            {{ safe_cast('unit_amount', 'bigint') }} * {{ safe_cast('quantity', 'bigint') }}
        ) as amount
    from {{ source('metabase', 'order_items') }}

    union all by name

    select
        'refunds' as record_type,
        refund_id as record_id,
        order_id,
        refund_id,
        _run_id,
        updated_at,
        {{ safe_cast('amount', 'bigint') }} as amount,
        coalesce({{ safe_cast('shipping_amount', 'bigint') }}, 0) as shipping_amount
    from {{ source('metabase', 'refunds') }}

    union all by name

    select
        'refund_items' as record_type,
        refund_item_id as record_id,
        order_id,
        refund_id,
        _run_id,
        updated_at,
        {{ safe_cast('quantity', 'bigint') }} as units,
        {{ safe_cast('amount', 'bigint') }} as amount
    from {{ source('metabase', 'refund_items') }}

),

-- What belongs to no order that we hold counts as of its own newest landing.
in_force as (

    select
        records.*,
        coalesce(landings.order_month, 'unknown') as order_month
    from records
    left join landings
        on records.order_id = landings.order_id
    where records._run_id = landings.run_id or landings.run_id is null
    qualify
        row_number() over (
            partition by records.record_type, records.record_id
            order by records._run_id desc, cast(records.updated_at as timestamptz) desc
        ) = 1

),

refund_item_sums as (

    select
        refund_id,
        sum(amount) as amount
    from in_force
    where record_type = 'refund_items'
    group by refund_id

),

final as (

    select
        in_force.record_type,
        in_force.record_type || ' ' || in_force.order_month as source_batch,
        count(*) as row_count,
        coalesce(sum(in_force.units), 0) as units,
        coalesce(sum(coalesce(
            in_force.amount,
            -- A refund that states no sum of its own is worth its lines and shipping.
            coalesce(refund_item_sums.amount, 0) + in_force.shipping_amount
        )), 0) as amount
    from in_force
    left join refund_item_sums
        on in_force.refund_id = refund_item_sums.refund_id
    group by in_force.record_type, in_force.order_month

    union all

    select
        'orders' as record_type,
        'orders ' || order_month as source_batch,
        count(*) as row_count,
        0 as units,
        0 as amount
    from landings
    group by order_month

)

select * from final
