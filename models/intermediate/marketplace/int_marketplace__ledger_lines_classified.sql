{{ config(materialized='table') }}

with

ledger_lines as (

    select * from {{ ref('int_marketplace__ledger_lines_versioned') }}

),

sub_channels as (

    select * from {{ ref('sub_channels') }}

),

line_classes as (

    select * from {{ ref('int_marketplace__line_classes') }}

),

read_lines as (

    select
        ledger_lines.*,
        sub_channels.channel,
        coalesce(ledger_lines.currency, sub_channels.default_currency) as ledger_currency,
        {{ utc_moment('ledger_lines.occurred_at_text', 'sub_channels.time_zone') }} as occurred_at,
        {{ local_date(
            utc_moment('ledger_lines.occurred_at_text', 'sub_channels.time_zone'),
            'sub_channels.time_zone'
        ) }} as occurred_date,
        coalesce(
            ledger_lines.line_amount,
            cast(ledger_lines.quantity * ledger_lines.unit_price as decimal(18, 4))
        ) as entry_amount,
        coalesce(line_classes.line_class, 'product') as line_class,
        line_classes.refund_component
    from ledger_lines
    inner join sub_channels
        on ledger_lines.sub_channel = sub_channels.sub_channel
    left join line_classes
        on
            ledger_lines.sub_channel = line_classes.sub_channel
            and ledger_lines.sku = line_classes.sku

),

final as (

    select
        *,
        case
            when entry_kind = 'cancellation' then 'refund'
            when entry_kind = 'sale' then 'sale'
            else 'other'
        end as record_kind,
        case
            when superseded_reason is not null then superseded_reason
            when occurred_at > {{ as_of() }} then 'after_as_of'
            when line_class = 'gift_card' then 'gift_card_line'
            when entry_kind = 'other' then 'bookkeeping'
            -- Postage, discounts and corrections given back stay, as money without units.
            when line_class != 'product' and entry_kind = 'sale' then 'non_product_line'
            when line_class != 'product' and refund_component is null then 'non_product_line'
            when entry_kind = 'cancellation' and quantity >= 0 then 'cancellation_without_units'
            when entry_kind = 'sale' and quantity <= 0 then 'stock_adjustment'
            when entry_kind = 'sale' and entry_amount < 0 then 'bookkeeping'
            -- 'found', 'check', 'damages': stock counted in or out, nobody bought it.
            when entry_kind = 'sale' and entry_amount = 0 and buyer_id is null
                then 'stock_adjustment'
        end as excluded_reason
    from read_lines

)

select * from final
