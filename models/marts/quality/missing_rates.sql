with

order_lines as (

    select * from {{ ref('int_order_lines__priced') }}
    where sales_usd is null

),

refunds as (

    select * from {{ ref('int_refunds__priced') }}
    where refund_usd is null

),

currency_units as (

    select * from {{ ref('int_currency_units__by_source') }}
    where units_per_major is not null

),

unpriced as (

    select
        'order_items' as table_name,
        channel,
        sub_channel,
        currency,
        sales_amount as amount,
        cast(ordered_at as date) as rate_date
    from order_lines

    union all

    select
        'refund_items' as table_name,
        channel,
        sub_channel,
        currency,
        refund_amount as amount,
        cast(coalesce(ordered_at, refunded_at) as date) as rate_date
    from refunds

),

-- A code without a unit has no amount in major units either, so that it can't be told by that.
judged as (

    select
        unpriced.*,
        case when currency_units.currency is null then 'unit' else 'rate' end as missing_part
    from unpriced
    left join currency_units
        on
            unpriced.channel = currency_units.source_system
            and unpriced.currency = currency_units.currency
    where unpriced.amount is not null or currency_units.currency is null

),

final as (

    select
        table_name,
        channel,
        sub_channel,
        coalesce(currency, '(none)') as currency,
        missing_part,
        count(*) as row_count,
        cast(sum(amount) as decimal(18, 4)) as amount,
        min(rate_date) as first_date,
        max(rate_date) as last_date
    from judged
    group by table_name, channel, sub_channel, coalesce(currency, '(none)'), missing_part

)

select * from final
