{{ config(materialized='table') }}

with

orders as (

    select * from {{ ref('stg_desertcart__orders') }}

),

order_items as (

    select * from {{ ref('int_desertcart__order_items_classified') }}

),

refund_rows as (

    select * from {{ ref('int_desertcart__refund_dispositions') }}

),

currency_units as (

    select * from {{ ref('int_currency_units__by_source') }}
    where source_system = 'desertcart' and units_per_major is not null

),

-- An order is in core when one of its lines is; what its lines have in common says why it is not.
order_lines_summary as (

    select
        order_id,
        count(*) filter (where excluded_reason is null) as lines_in_core,
        min(excluded_reason) as excluded_reason
    from order_items
    group by order_id

),

rows_of_all as (

    select
        'orders' as record_type,
        coalesce(strftime(orders.ordered_at, '%Y-%m'), 'unknown') as order_month,
        orders.currency,
        0 as units,
        0 as amount,
        case
            when order_lines_summary.order_id is null then 'order_without_lines'
            when order_lines_summary.lines_in_core = 0 then order_lines_summary.excluded_reason
        end as row_excluded_reason,
        cast(null as varchar) as amount_excluded_reason,
        0 as excluded_amount
    from orders
    left join order_lines_summary
        on orders.order_id = order_lines_summary.order_id

    union all

    select
        'order_items' as record_type,
        order_month,
        currency,
        units_ordered as units,
        ordered_amount as amount,
        excluded_reason as row_excluded_reason,
        cast(null as varchar) as amount_excluded_reason,
        0 as excluded_amount
    from order_items

    union all

    select * from refund_rows

),

-- Money that was not given is no money of any unit; other money without a unit is unknown.
judged as (

    select
        rows_of_all.*,
        (
            currency_units.currency is null
            and rows_of_all.record_type != 'orders'
            and coalesce(rows_of_all.amount_excluded_reason, '') != 'refund_not_given'
        ) as is_without_unit
    from rows_of_all
    left join currency_units
        on rows_of_all.currency = currency_units.currency

),

final as (

    select
        record_type,
        'desertcart' as channel,
        'desertcart' as sub_channel,
        record_type || ' ' || order_month as source_batch,
        currency,
        units,
        coalesce(amount, 0) as amount,
        case
            when row_excluded_reason is not null then row_excluded_reason
            when is_without_unit then 'unknown_currency_unit'
            else amount_excluded_reason
        end as excluded_reason,
        row_excluded_reason is not null as is_row_excluded,
        case when row_excluded_reason is not null then units else 0 end as excluded_units,
        case
            when row_excluded_reason is not null or is_without_unit then coalesce(amount, 0)
            else coalesce(excluded_amount, 0)
        end as excluded_amount
    from judged

)

select * from final
