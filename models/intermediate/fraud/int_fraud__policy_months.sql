{{ config(materialized='table') }}

-- What was known of each customer at the end of each month, and who returned in the month after.
with

returned_orders as (

    select * from {{ ref('int_fraud__returned_orders') }}

),

month_numbers as (

    select unnest(range({{ var('backtest_months') }} + 1)) as months_ago

),

month_ends as (

    select
        date_trunc('month', {{ as_of() }}) - to_months(cast(months_ago as integer)) as month_end,
        date_trunc('month', {{ as_of() }}) - to_months(cast(months_ago as integer) + 1)
            as previous_month_end
    from month_numbers

),

-- Of whichever order, so that nobody looks calm only because the window has moved on.
months_with_return as (

    select distinct
        user_key,
        date_trunc('month', requested_at) as month_start
    from returned_orders
    where requested_at is not null

),

known as (

    select
        returned_orders.user_key,
        month_ends.month_end,
        month_ends.previous_month_end,
        count(*) filter (where returned_orders.return_number = 1) as orders,
        count(*) filter (
            where
            returned_orders.return_number = 1
            and returned_orders.first_requested_at < month_ends.month_end
        ) as orders_with_return,
        count(*) filter (where returned_orders.requested_at < month_ends.month_end)
            as returns_count,
        -- How soon after delivery each whole order came back, as far as it had by then.
        list(returned_orders.whole_requested_at - returned_orders.delivered_at) filter (
            where
            returned_orders.return_number = 1
            and returned_orders.whole_requested_at < month_ends.month_end
        ) as whole_after
    from returned_orders
    inner join month_ends
        on
            returned_orders.ordered_at < month_ends.month_end
            and returned_orders.ordered_at
            >= month_ends.month_end - interval '{{ var("days_back") }} days'
    group by
        returned_orders.user_key,
        month_ends.month_end,
        month_ends.previous_month_end

),

final as (

    select
        known.*,
        months_with_return.user_key is not null as returns_in_next_month
    from known
    left join months_with_return
        on
            known.user_key = months_with_return.user_key
            and known.month_end = months_with_return.month_start

)

select * from final
