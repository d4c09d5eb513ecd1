-- The one model beside staging that reads the sources: a control total taken from the staged rows
-- could not notice what staging lost.
with

order_lines as (

    select
        'order_lines' as record_type,
        sub_channel,
        _file_sha256 as file_sha256,
        coalesce(
            {{ safe_cast('quantity', 'decimal(18, 4)') }},
            case when row_unit = 'unit' then 1 end
        ) as units,
        coalesce(
            {{ safe_cast('line_amount', 'decimal(18, 4)') }},
            {{ safe_cast('quantity', 'decimal(18, 4)') }}
            * {{ safe_cast('unit_price', 'decimal(18, 4)') }}
        ) as amount
    from {{ source('marketplace', 'order_lines') }}

),

return_lines as (

    select
        'return_lines' as record_type,
        sub_channel,
        _file_sha256 as file_sha256,
        {{ safe_cast('coalesce(quantity, refunded_quantity)', 'decimal(18, 4)') }} as units,
        coalesce(
            {{ safe_cast('refund_amount', 'decimal(18, 4)') }},
            {{ safe_cast('unit_refund_amount', 'decimal(18, 4)') }}
            * {{ safe_cast('coalesce(refunded_quantity, quantity)', 'decimal(18, 4)') }},
            0
        ) + coalesce({{ safe_cast('shipping_refund_amount', 'decimal(18, 4)') }}, 0) as amount
    from {{ source('marketplace', 'return_lines') }}

),

ledger_lines as (

    select
        'ledger_lines' as record_type,
        sub_channel,
        _file_sha256 as file_sha256,
        {{ safe_cast('quantity', 'decimal(18, 4)') }} as units,
        coalesce(
            {{ safe_cast('line_amount', 'decimal(18, 4)') }},
            {{ safe_cast('quantity', 'decimal(18, 4)') }}
            * {{ safe_cast('unit_price', 'decimal(18, 4)') }}
        ) as amount
    from {{ source('marketplace', 'ledger_lines') }}

),

unioned as (

    select * from order_lines
    union all
    select * from return_lines
    union all
    select * from ledger_lines

),

final as (

    select
        record_type,
        sub_channel,
        file_sha256,
        count(*) as row_count,
        coalesce(sum(units), 0) as units,
        cast(coalesce(sum(amount), 0) as decimal(18, 4)) as amount
    from unioned
    group by record_type, sub_channel, file_sha256

)

select * from final
