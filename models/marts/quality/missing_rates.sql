with

order_lines as (

    select * from {{ ref('int_order_lines__priced') }}
    where sales_usd is null and sales_amount is not null

),

refunds as (

    select * from {{ ref('int_refunds__priced') }}
    where refund_usd is null and refund_amount is not null

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

final as (

    select
        table_name,
        channel,
        sub_channel,
        coalesce(currency, '(none)') as currency,
        count(*) as row_count,
        cast(sum(amount) as decimal(18, 4)) as amount,
        min(rate_date) as first_date,
        max(rate_date) as last_date
    from unpriced
    group by table_name, channel, sub_channel, coalesce(currency, '(none)')

)

select * from final
