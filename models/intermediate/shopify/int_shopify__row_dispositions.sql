{{ config(materialized='table') }}

-- Each record of the shop, what it is worth, and how much of that is left out of the core tables.
with

order_lines as (

    select
        'order_lines' as record_type,
        sub_channel,
        created_month,
        currency,
        units_ordered as units,
        ordered_amount as amount,
        excluded_reason,
        excluded_reason is not null as is_row_excluded,
        case when excluded_reason is not null then units_ordered else 0 end as excluded_units,
        case when excluded_reason is not null then ordered_amount else 0 end as excluded_amount
    from {{ ref('int_shopify__order_lines_classified') }}

),

item_components as (

    select * from {{ ref('int_shopify__refund_components') }}
    where component = 'item'

),

refund_lines as (

    select
        'refund_lines' as record_type,
        refund_lines.sub_channel,
        refund_lines.created_month,
        refund_lines.currency,
        refund_lines.units_refunded as units,
        refund_lines.subtotal_amount as amount,
        coalesce(
            refund_lines.excluded_reason,
            -- A part of its refund without units: see record type refunds.
            case when item_components.refund_line_id is null then 'non_product_line' end,
            case
                when refund_lines.item_amount > item_components.refund_amount
                    then 'claimed_but_not_paid'
                when refund_lines.subtotal_amount != item_components.refund_amount
                    then 'tax_in_the_price'
            end
        ) as excluded_reason,
        (
            refund_lines.excluded_reason is not null or item_components.refund_line_id is null
        ) as is_row_excluded,
        case
            when refund_lines.excluded_reason is not null or item_components.refund_line_id is null
                then refund_lines.units_refunded
            else 0
        end as excluded_units,
        case
            when refund_lines.excluded_reason is not null or item_components.refund_line_id is null
                then refund_lines.subtotal_amount
            else refund_lines.subtotal_amount - item_components.refund_amount
        end as excluded_amount
    from {{ ref('int_shopify__refund_lines_classified') }} as refund_lines
    left join item_components
        on
            refund_lines.sub_channel = item_components.sub_channel
            and refund_lines.order_id = item_components.order_id
            and refund_lines.refund_line_id = item_components.refund_line_id

),

return_lines as (

    select
        'return_lines' as record_type,
        sub_channel,
        created_month,
        currency,
        units_returned as units,
        0 as amount,
        excluded_reason,
        excluded_reason is not null as is_row_excluded,
        case when excluded_reason is not null then units_returned else 0 end as excluded_units,
        0 as excluded_amount
    from {{ ref('int_shopify__return_lines_classified') }}

),

refunds as (

    select * from {{ ref('int_shopify__refund_dispositions') }}

),

final as (

    select * from order_lines
    union all
    select * from refund_lines
    union all
    select * from return_lines
    union all
    select * from refunds

)

select * from final
