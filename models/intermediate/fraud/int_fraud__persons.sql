{{ config(materialized='table') }}

{#
    One test a person, not one an account: accounts of one person are judged by all of its orders.
    Most persons have one account. Returns that we or the product caused are not held against it.
#}
with

customers as (

    select * from {{ ref('int_fraud__customers') }}

),

persons as (

    select
        person_key,
        min(sub_channel) as peer_group,
        count(*) as accounts_count,
        sum(orders) as orders,
        sum(orders_with_return) as orders_with_return,
        sum(returns_count) as returns_count,
        sum(wardrobed_orders) as wardrobed_orders,
        sum(orders_held) as orders_held,
        {{ exact_sum('expected_orders_held') }} as expected_orders_held,
        sum(units_sold) as units_sold,
        sum(units_returned) as units_returned,
        sum(sales_usd) as sales_usd
    from customers
    group by person_key

),

counts as (

    select
        *,
        {{ fraud_rules() }},
        cast(orders as bigint) as trials,
        cast(orders_held as bigint) as hits,
        expected_orders_held as expected_hits,
        cast(orders_held as double) as units_refunded,
        expected_orders_held as expected_units
    from persons

),

{{ peer_scores(['person_key'], 'trials > 0', 'orders') }},

medians as (

    select
        peer_group,
        median(eb_rate) as median_rate
    from scored
    group by peer_group

),

parts as (

    select
        scored.*,
        medians.median_rate,
        {{ rate('scored.eb_rate', 'medians.median_rate') }} as lift,
        {{ fraud_points('scored') }}
    from scored
    inner join medians
        on scored.peer_group = medians.peer_group

),

final as (

    select
        person_key,
        cast(accounts_count as bigint) as accounts_count,
        cast(orders as bigint) as orders,
        cast(orders_with_return as bigint) as orders_with_return,
        cast(returns_count as bigint) as returns_count,
        cast(wardrobed_orders as bigint) as wardrobed_orders,
        is_high_return_rate,
        is_wardrobing,
        is_serial_returner,
        hits as orders_held,
        expected_hits as expected_orders_held,
        hits - expected_hits as excess_orders_held,
        eb_rate,
        median_rate,
        lift,
        p_value,
        q_value,
        probability_above_peers,
        probability_above_twice_peers,
        (
            q_value <= {{ var('abnormal_q') }} and hits > expected_hits
        ) as is_abnormal,
        points_for_rate,
        points_for_excess,
        points_for_rules,
        points_for_wardrobing,
        points_for_accounts,
        round(
            points_for_rate + points_for_excess + points_for_rules + points_for_wardrobing
            + points_for_accounts, 2
        ) as risk_score
    from parts

)

select * from final
