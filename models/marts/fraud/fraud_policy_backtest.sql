with

flagged as (

    select * from {{ ref('int_fraud__policy_flags') }}

),

monthly as (

    select
        policy_name,
        month_end,
        previous_month_end,
        min_orders,
        return_rate_threshold,
        wardrobing_window_days,
        serial_threshold,
        count(*) filter (where is_candidate) as candidates,
        count(*) filter (where is_high_return_rate) as high_return_rate_candidates,
        count(*) filter (where is_wardrobing) as wardrobing_candidates,
        count(*) filter (where is_serial_returner) as serial_returner_candidates,
        count(*) filter (where is_candidate and returns_in_next_month) as candidates_who_return,
        count(*) filter (where orders_with_return > 0 and not is_candidate) as other_returners,
        count(*) filter (
            where orders_with_return > 0 and not is_candidate and returns_in_next_month
        ) as other_returners_who_return
    from flagged
    group by all

),

entered as (

    select
        policy_name,
        month_end
    from flagged
    where is_candidate
    qualify
        lag(month_end) over (
            partition by policy_name, user_key
            order by month_end asc
        ) is distinct from previous_month_end

),

new_candidates as (

    select
        policy_name,
        month_end,
        count(*) as new_candidates
    from entered
    group by policy_name, month_end

),

final as (

    select
        monthly.policy_name,
        cast(monthly.month_end as date) as month_end,
        monthly.min_orders,
        monthly.return_rate_threshold,
        monthly.wardrobing_window_days,
        monthly.serial_threshold,
        monthly.candidates,
        monthly.high_return_rate_candidates,
        monthly.wardrobing_candidates,
        monthly.serial_returner_candidates,
        coalesce(new_candidates.new_candidates, 0) as new_candidates,
        coalesce(earlier.candidates, 0) as previous_candidates,
        coalesce(earlier.candidates_who_return, 0) as previous_candidates_who_returned,
        {{ rate('earlier.candidates_who_return', 'earlier.candidates') }}
            as previous_candidates_return_share,
        {{ rate('earlier.other_returners_who_return', 'earlier.other_returners') }}
            as other_returners_return_share
    from monthly
    left join monthly as earlier
        on
            monthly.policy_name = earlier.policy_name
            and monthly.previous_month_end = earlier.month_end
    left join new_candidates
        on
            monthly.policy_name = new_candidates.policy_name
            and monthly.month_end = new_candidates.month_end
    where
        monthly.month_end
        > date_trunc('month', {{ as_of() }}) - to_months({{ var('backtest_months') }})

)

select * from final
