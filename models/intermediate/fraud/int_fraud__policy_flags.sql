-- Which customers each set of thresholds flags at the end of each month.
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

final as (

    select
        *,
        is_high_return_rate or is_wardrobing or is_serial_returner as is_candidate
    from ruled

)

select * from final
