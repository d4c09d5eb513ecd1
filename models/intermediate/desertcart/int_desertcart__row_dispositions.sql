{{ config(materialized='table') }}

with

orders as (

    select * from {{ ref('stg_desertcart__orders') }}

),

order_items as (

    select * from {{ ref('int_desertcart__order_items_classified') }}

),

refunds as (

    select * from {{ ref('int_desertcart__refunds_classified') }}

),

refund_items as (

    select * from {{ ref('int_desertcart__refund_items_classified') }}

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

order_rows as (

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

),

order_item_rows as (

    select
        'order_items' as record_type,
        order_items.order_month,
        order_items.currency,
        order_items.units_ordered as units,
        order_items.ordered_amount as amount,
        order_items.excluded_reason as row_excluded_reason,
        case when currency_units.currency is null then 'unknown_currency_unit' end
            as amount_excluded_reason,
        case when currency_units.currency is null then order_items.ordered_amount else 0 end
            as excluded_amount
    from order_items
    left join currency_units
        on order_items.currency = currency_units.currency

),

refund_item_rows as (

    select
        'refund_items' as record_type,
        refund_items.order_month,
        refund_items.currency,
        refund_items.quantity as units,
        refund_items.amount,
        refund_items.excluded_reason as row_excluded_reason,
        case
            when not refund_items.has_refund and refund_items.amount != 0 then 'refund_not_given'
            when currency_units.currency is null then 'unknown_currency_unit'
            when refund_items.paid_amount < refund_items.amount then 'withheld_from_refund'
        end as amount_excluded_reason,
        case
            when not refund_items.has_refund or currency_units.currency is null
                then refund_items.amount
            else refund_items.amount - refund_items.paid_amount
        end as excluded_amount
    from refund_items
    left join currency_units
        on refund_items.currency = currency_units.currency

),

-- What a refund pays for a line that is left out, a gift card, is left out of its sum too.
refund_lines_summary as (

    select
        refund_id,
        count(*) filter (where excluded_reason is null) as lines_in_core,
        coalesce(sum(paid_amount) filter (where excluded_reason is not null), 0)
            as excluded_amount
    from refund_items
    group by refund_id

),

refund_rows as (

    select
        'refunds' as record_type,
        refunds.order_month,
        refunds.currency,
        0 as units,
        refunds.amount,
        case
            when refunds.excluded_reason is not null then refunds.excluded_reason
            when refund_lines_summary.lines_in_core > 0 then null
            when refunds.item_rows = 0 and refunds.refund_kind != 'adjustment' then null
            when not refunds.has_refund then 'refund_not_given'
            when refunds.bare_amount + refunds.shipping_amount > 0 then null
            when refunds.stated_amount is null and refunds.item_rows = 0 then null
            when refunds.item_rows > 0 then 'gift_card_line'
            else 'refund_of_nothing'
        end as row_excluded_reason,
        case
            when not refunds.has_refund and refunds.amount != 0 then 'refund_not_given'
            when currency_units.currency is null then 'unknown_currency_unit'
            when refund_lines_summary.excluded_amount != 0 then 'gift_card_line'
        end as amount_excluded_reason,
        case
            when not refunds.has_refund or currency_units.currency is null then refunds.amount
            else coalesce(refund_lines_summary.excluded_amount, 0)
        end as excluded_amount
    from refunds
    left join refund_lines_summary
        on refunds.refund_id = refund_lines_summary.refund_id
    left join currency_units
        on refunds.currency = currency_units.currency

),

unioned as (

    select * from order_rows
    union all
    select * from order_item_rows
    union all
    select * from refund_item_rows
    union all
    select * from refund_rows

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
        coalesce(row_excluded_reason, amount_excluded_reason) as excluded_reason,
        row_excluded_reason is not null as is_row_excluded,
        case when row_excluded_reason is not null then units else 0 end as excluded_units,
        coalesce(
            case when row_excluded_reason is not null then amount else excluded_amount end, 0
        ) as excluded_amount
    from unioned

)

select * from final
