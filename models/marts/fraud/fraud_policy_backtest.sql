with

customer_months as (

    select * from {{ ref('int_fraud__policy_months') }}

),

policies as (

    select * from {{ ref('fraud_policies') }}
    union all
    select
        'in_force' as policy_name,
        {{ var('min_orders') }} as min_orders,
        cast({{ var('return_rate_threshold') }} as decimal(9, 6)) as return_rate_threshold,
        {{ var('wardrobing_window_days') }} as wardrobing_window_days,
        {{ var('serial_threshold') }} as serial_threshold

),

paired as (

    select
        policies.*,
        customer_months.*
    from customer_months
    cross join policies

),

counted as (

    select
        *,
        coalesce(len(list_filter(
            whole_after, lambda delay: delay <= to_days(wardrobing_window_days)
        )), 0) as wardrobed_orders
    from paired

),

ruled as (

    select
        *,
        {{ fraud_rules('min_orders', 'return_rate_threshold', 'serial_threshold') }}
    from counted

),

flagged as (

    select
        *,
        is_high_return_rate or is_wardrobing or is_serial_returner as is_candidate
    from ruled

),

-- A customer with no order left in the window was no candidate of the month before.
followed as (

    select
        *,
        coalesce(lag(is_candidate) over customer_in_time, false)
        and lag(month_end) over customer_in_time = previous_month_end as was_candidate,
        coalesce(lag(orders_with_return) over customer_in_time, 0) > 0
        and lag(month_end) over customer_in_time = previous_month_end as had_returned
    from flagged
    window customer_in_time as (
        partition by policy_name, user_key
        order by month_end asc
    )

),

final as (

    select
        policy_name,
        cast(month_end as date) as month_end,
        min_orders,
        return_rate_threshold,
        wardrobing_window_days,
        serial_threshold,
        count(*) filter (where is_candidate) as candidates,
        count(*) filter (where is_high_return_rate) as high_return_rate_candidates,
        count(*) filter (where is_wardrobing) as wardrobing_candidates,
        count(*) filter (where is_serial_returner) as serial_returner_candidates,
        count(*) filter (where is_candidate and not was_candidate)
            as new_candidates,
        count(*) filter (where was_candidate) as previous_candidates,
        count(*) filter (where was_candidate and has_returned_in_month)
            as previous_candidates_who_returned,
        {{ rate(
            'count(*) filter (where was_candidate and has_returned_in_month)',
            'count(*) filter (where was_candidate)'
        ) }} as previous_candidates_return_share,
        {{ rate(
            'count(*) filter (where had_returned and not was_candidate and has_returned_in_month)',
            'count(*) filter (where had_returned and not was_candidate)'
        ) }} as other_returners_return_share
    from followed
    where month_end > date_trunc('month', {{ as_of() }}) - to_months({{ var('backtest_months') }})
    group by
        policy_name,
        month_end,
        min_orders,
        return_rate_threshold,
        wardrobing_window_days,
        serial_threshold

)

select * from final
