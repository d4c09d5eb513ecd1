{{ config(materialized='table') }}

with

order_lines as (

    select
        'order_lines' as record_type,
        channel,
        sub_channel,
        file_sha256,
        source_batch,
        order_currency as currency,
        quantity as units,
        coalesce(line_amount, cast(quantity * unit_price as decimal(18, 4))) as amount,
        excluded_reason,
        excluded_reason is not null as is_row_excluded,
        case when excluded_reason is not null then quantity else 0 end as excluded_units,
        case
            when excluded_reason is not null
                then coalesce(line_amount, cast(quantity * unit_price as decimal(18, 4)))
            else 0
        end as excluded_amount
    from {{ ref('int_marketplace__order_lines_classified') }}

),

-- A return that gave nothing back is kept as a return; the money it names is not a refund.
return_lines as (

    select
        'return_lines' as record_type,
        channel,
        sub_channel,
        file_sha256,
        source_batch,
        refund_currency as currency,
        units_returned as units,
        coalesce(item_refund_amount, 0) + coalesce(shipping_refund_amount, 0) as amount,
        coalesce(
            excluded_reason,
            case
                when not has_refund and item_refund_amount != 0 then 'refund_not_given'
                when not has_shipping_refund and shipping_refund_amount != 0
                    then 'refund_not_given'
            end
        ) as excluded_reason,
        excluded_reason is not null as is_row_excluded,
        case when excluded_reason is not null then units_returned else 0 end as excluded_units,
        case
            when excluded_reason is not null or not has_refund
                then coalesce(item_refund_amount, 0)
            else 0
        end
        + case
            when excluded_reason is not null or not has_shipping_refund
                then coalesce(shipping_refund_amount, 0)
            else 0
        end as excluded_amount
    from {{ ref('int_marketplace__return_lines_classified') }}

),

-- Postage or a discount given back is money without units, whatever quantity the ledger wrote.
ledger_lines as (

    select
        'ledger_lines' as record_type,
        channel,
        sub_channel,
        file_sha256,
        source_batch,
        ledger_currency as currency,
        quantity as units,
        entry_amount as amount,
        coalesce(
            excluded_reason,
            case when line_class != 'product' then 'units_of_non_product_refund' end
        ) as excluded_reason,
        excluded_reason is not null as is_row_excluded,
        case
            when excluded_reason is not null or line_class != 'product' then quantity
            else 0
        end as excluded_units,
        case when excluded_reason is not null then entry_amount else 0 end as excluded_amount
    from {{ ref('int_marketplace__ledger_lines_classified') }}

),

currency_units as (

    select * from {{ ref('int_currency_units__by_source') }}
    where source_system = 'marketplace' and units_per_major is not null

),

unioned as (

    select * from order_lines
    union all
    select * from return_lines
    union all
    select * from ledger_lines

),

-- Money in a code that is no known currency reaches no mart; its row stays.
final as (

    select
        unioned.* replace (
            coalesce(
                unioned.excluded_reason,
                case when currency_units.currency is null then 'unknown_currency_unit' end
            ) as excluded_reason,
            case
                when currency_units.currency is null then unioned.amount
                else unioned.excluded_amount
            end as excluded_amount
        )
    from unioned
    left join currency_units
        on unioned.currency = currency_units.currency

)

select * from final
