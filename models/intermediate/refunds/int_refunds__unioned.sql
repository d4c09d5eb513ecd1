{{ config(materialized='table') }}

with

marketplace_refunds as (

    select * from {{ ref('int_marketplace__refund_lines') }}

),

currency_units as (

    select * from {{ ref('currency_units') }}
    where source_system = 'marketplace'

),

order_lines as (

    select * from {{ ref('int_order_lines__unioned') }}

),

orders as (

    select distinct order_lines.order_key from order_lines

),

named_lines as (

    select
        order_key,
        line_ref,
        sum(units_sold) as units_sold,
        sum(sales_amount) as sales_amount
    from {{ ref('int_order_lines__named') }}
    group by order_key, line_ref

),

converted as (

    select
        marketplace_refunds.* exclude (refund_amount),
        orders.order_key,
        {{ to_major_units(
            'marketplace_refunds.refund_amount', 'currency_units.units_per_major'
        ) }} as refund_amount
    from marketplace_refunds
    left join currency_units
        on marketplace_refunds.currency = currency_units.currency
    -- A refund may name an order that we do not hold: it stays, unmatched.
    left join orders
        on marketplace_refunds.reported_order_key = orders.order_key

),

-- The line's own id where the order has such a line, else the product.
named as (

    select
        converted.*,
        coalesce(line_ids.line_ref, 'product:' || converted.product_key) as line_ref
    from converted
    left join named_lines as line_ids
        on
            converted.order_key = line_ids.order_key
            and 'line:' || converted.order_line_id = line_ids.line_ref

),

counted as (

    select
        named.*,
        -- Some reports give money and no quantity: the units are the whole ones it pays for.
        coalesce(
            named.units_refunded,
            least(
                named_lines.units_sold,
                cast(
                    floor(
                        named.refund_amount * named_lines.units_sold
                        / nullif(named_lines.sales_amount, 0) + 0.01
                    ) as integer
                )
            ),
            0
        ) as units_counted,
        case
            when named.units_refunded is not null then 'reported'
            when named_lines.sales_amount > 0 then 'amount'
            else 'none'
        end as units_basis
    from named
    left join named_lines
        on
            named.order_key = named_lines.order_key
            and named.line_ref = named_lines.line_ref

),

final as (

    select
        ---------- keys
        refund_line_key,
        refund_id,
        order_key,
        line_ref,
        product_key,
        user_key,

        ---------- attributes
        channel,
        sub_channel,
        order_id as reported_order_id,
        -- Money back that pays for no whole unit is goodwill, not goods.
        case
            when units_basis = 'amount' and units_counted = 0 then 'adjustment'
            else refund_kind
        end as refund_kind,
        component,
        raw_reason,
        layout as reason_source,
        refunded_at_basis,
        units_basis,
        record_type,
        source_batch,

        ---------- amounts
        units_counted as units_refunded,
        currency,
        refund_amount,

        ---------- times
        refunded_at

    from counted

)

select * from final
