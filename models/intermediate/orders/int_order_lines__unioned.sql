{{ config(materialized='table') }}

with

marketplace_lines as (

    select * from {{ ref('int_marketplace__order_lines') }}

),

currency_units as (

    select * from {{ ref('currency_units') }}
    where source_system = 'marketplace'

),

converted as (

    select
        ---------- keys
        marketplace_lines.order_item_key,
        marketplace_lines.order_key,
        marketplace_lines.product_key,
        marketplace_lines.user_key,

        ---------- attributes
        marketplace_lines.channel,
        marketplace_lines.sub_channel,
        marketplace_lines.order_id,
        marketplace_lines.order_name,
        marketplace_lines.order_line_id,
        marketplace_lines.line_ordinal,
        marketplace_lines.sku,
        marketplace_lines.product_name,
        marketplace_lines.category,
        marketplace_lines.brand,
        marketplace_lines.line_state,
        marketplace_lines.buyer_name,
        marketplace_lines.buyer_email,
        marketplace_lines.buyer_phone,
        marketplace_lines.record_type,
        marketplace_lines.source_batch,

        ---------- amounts
        marketplace_lines.units_ordered,
        case
            when marketplace_lines.line_state = 'cancelled' then marketplace_lines.units_ordered
            else 0
        end as units_cancelled,
        marketplace_lines.currency,
        {{ to_major_units(
            'marketplace_lines.ordered_amount', 'currency_units.units_per_major'
        ) }} as ordered_amount,
        {{ to_major_units(
            'marketplace_lines.discount_amount', 'currency_units.units_per_major'
        ) }} as discount_amount,

        ---------- flags
        false as is_test,

        ---------- times
        marketplace_lines.ordered_at,
        marketplace_lines.delivered_at,
        marketplace_lines.cancelled_at

    from marketplace_lines
    left join currency_units
        on marketplace_lines.currency = currency_units.currency

),

final as (

    select
        *,
        units_ordered - units_cancelled as units_sold,
        -- Cancelled rows keep their amounts in real exports: only what was sold counts. A line of
        -- no units keeps nothing either way.
        case
            when units_ordered = 0 then 0
            else
                cast(
                    (ordered_amount - discount_amount)
                    * (units_ordered - units_cancelled) / units_ordered
                    as decimal(18, 4)
                )
        end as sales_amount
    from converted

)

select * from final
