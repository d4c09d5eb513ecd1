{{ config(materialized='table') }}

with

source_lines as (

    select * from {{ ref('int_marketplace__order_lines') }}
    union all
    select * from {{ ref('int_shopify__order_lines') }}
    union all
    select * from {{ ref('int_desertcart__order_lines') }}

),

currency_units as (

    select * from {{ ref('int_currency_units__by_source') }}

),

converted as (

    select
        ---------- keys
        source_lines.order_item_key,
        source_lines.order_key,
        source_lines.product_key,
        source_lines.user_key,

        ---------- attributes
        source_lines.channel,
        source_lines.sub_channel,
        source_lines.order_id,
        source_lines.order_name,
        source_lines.order_line_id,
        source_lines.line_ordinal,
        source_lines.sku,
        source_lines.product_name,
        source_lines.category,
        source_lines.brand,
        source_lines.line_state,
        source_lines.buyer_name,
        source_lines.buyer_email,
        source_lines.buyer_phone,
        source_lines.record_type,
        source_lines.source_batch,

        ---------- amounts
        source_lines.units_ordered,
        source_lines.units_cancelled,
        source_lines.currency,
        {{ to_major_units(
            'source_lines.ordered_amount', 'currency_units.units_per_major'
        ) }} as ordered_amount,
        {{ to_major_units(
            'source_lines.discount_amount', 'currency_units.units_per_major'
        ) }} as discount_amount,
        -- No smallest unit is split between what was cancelled and what was not.
        case
            when currency_units.is_in_subunits
                then {{ to_major_units(
                    'round('
                    '(source_lines.ordered_amount - source_lines.discount_amount)'
                    ' * source_lines.units_cancelled / nullif(source_lines.units_ordered, 0)'
                    ')',
                    'currency_units.units_per_major'
                ) }}
        end as cancelled_amount,

        ---------- flags
        false as is_test,

        ---------- times
        source_lines.ordered_at,
        source_lines.delivered_at,
        source_lines.cancelled_at

    from source_lines
    left join currency_units
        on
            source_lines.channel = currency_units.source_system
            and source_lines.currency = currency_units.currency

),

final as (

    select
        * exclude (cancelled_amount),
        units_ordered - units_cancelled as units_sold,
        -- Cancelled rows keep their amounts in real exports: only what was sold counts. A line of
        -- no units keeps nothing either way.
        cast(
            case
                when units_ordered = 0 then 0
                when cancelled_amount is not null
                    then ordered_amount - discount_amount - cancelled_amount
                else
                    cast(
                        (ordered_amount - discount_amount)
                        * (units_ordered - units_cancelled) / units_ordered
                        as decimal(18, 4)
                    )
            end as decimal(18, 4)
        ) as sales_amount
    from converted

)

select * from final
