{{ config(materialized='table') }}

with

refunds as (

    select * from {{ ref('int_refunds__allocated') }}

),

orders as (

    select
        order_key,
        min(ordered_at) as ordered_at
    from {{ ref('int_order_lines__unioned') }}
    group by order_key

),

usd_rates as (

    select * from {{ ref('int_usd_rates__daily') }}

),

sub_channels as (

    select * from {{ ref('int_sub_channels__unioned') }}

),

dated as (

    select
        refunds.*,
        orders.ordered_at,
        sum(refunds.refund_amount) over (
            partition by
                coalesce(refunds.order_item_key, refunds.refund_item_key),
                refunds.component,
                refunds.currency
            order by refunds.refunded_at asc, refunds.refund_item_key asc
            rows between unbounded preceding and current row
        ) as running_amount,
        date_diff(
            'day',
            {{ local_date('orders.ordered_at', 'sub_channels.time_zone') }},
            {{ local_date('refunds.refunded_at', 'sub_channels.time_zone') }}
        ) as days_to_refund
    from refunds
    inner join sub_channels
        on refunds.sub_channel = sub_channels.sub_channel
    left join orders
        on refunds.order_key = orders.order_key

),

converted as (

    select
        dated.*,
        -- The order's day for both sides of a rate, so that a full refund is 100 %. A refund
        -- without a known order enters no such rate and has only its own day. Differences of
        -- rounded running sums, so that a line refunded in parts adds up to what it sold for.
        cast(
            {{ to_usd('dated.running_amount', 'order_day.usd_per_unit') }}
            - {{ to_usd('(dated.running_amount - dated.refund_amount)', 'order_day.usd_per_unit') }}
            as decimal(18, 4)
        ) as refund_usd,
        {{ to_usd('dated.refund_amount', 'refund_day.usd_per_unit') }}
            as refund_usd_at_refund_date
    from dated
    left join usd_rates as order_day
        on
            dated.currency = order_day.currency
            and cast(coalesce(dated.ordered_at, dated.refunded_at) as date) = order_day.rate_date
    left join usd_rates as refund_day
        on
            dated.currency = refund_day.currency
            and cast(dated.refunded_at as date) = refund_day.rate_date

),

final as (

    select * exclude (running_amount)
    from converted

)

select * from final
