{#
    The CTEs that turn counts into scores, the same for products, categories and customers. Reads the
    CTE `counts` (keys, peer_group, trials (called `what` in words), hits, expected_hits, units_sold, units_refunded,
    expected_units, sales_usd) and ends in the CTE `scored`. Every unit takes part in the priors;
    what `entrance` says is ranked and tested. `keys` settle ties, so that builds repeat.

    The prior of a unit: its mean is the rate expected of it, its strength follows from how much its
    peer group differs by itself without this unit. Small groups tell little of that, so a group's
    own spread leans on that within all groups with the weight of `prior_weight_hits` hits.
#}
{% macro peer_scores(keys, entrance, what) -%}
{%- set sums = {
    "units": "count(*)",
    "trials": "sum(trials)",
    "hits": "sum(hits)",
    "squares": "cast(sum(trials * trials) as double)",
    "shares": exact_sum("cast(hits as double) * hits / trials"),
} -%}
{%- set own = {
    "units": "1",
    "trials": "trials",
    "hits": "hits",
    "squares": "cast(trials as double) * trials",
    "shares": "cast(hits as double) * hits / trials",
} -%}
peer_groups as (

    select
        peer_group
        {%- for name, sum in sums.items() %},
        {{ sum }} as {{ name }}_of_group
        {%- endfor %}
    from counts
    where trials > 0
    group by peer_group

),

peer_spreads as (

    select
        *,
        {{ prior_part_without({"units": 0, "trials": 0, "hits": 0, "squares": 0, "shares": 0},
            "spread") }} as spread_of_group,
        {{ prior_part_without({"units": 0, "trials": 0, "hits": 0, "squares": 0, "shares": 0},
            "information") }} as information_of_group
    from peer_groups

),

pooled_spread as (

    select
        {{ exact_sum("spread_of_group") }} as spread,
        {{ exact_sum("information_of_group") }} as information
    from peer_spreads

),

without_itself as (

    select
        counts.*,
        counts.expected_hits / counts.trials as peer_rate,
        {{ prior_part_without(own, "spread") }} as peer_spread,
        {{ prior_part_without(own, "information") }} as peer_information,
        pooled_spread.spread - peer_spreads.spread_of_group as other_spread,
        pooled_spread.information - peer_spreads.information_of_group as other_information
    from counts
    inner join peer_spreads
        on counts.peer_group = peer_spreads.peer_group
    cross join pooled_spread
    where counts.trials > 0

),

compared as (

    select
        *,
        least(0.5, greatest({{ var("min_overdispersion") }}, coalesce((
            peer_spread + {{ var("prior_weight_hits") }} * {{ rate(
                "(peer_spread + other_spread)", "(peer_information + other_information)"
            ) }}
        ) / (peer_information + {{ var("prior_weight_hits") }}), 0))) as overdispersion
    from without_itself

),

with_priors as (

    select
        *,
        peer_rate * (1 / overdispersion - 1) as prior_alpha,
        (1 - peer_rate) * (1 / overdispersion - 1) as prior_beta
    from compared
    where {{ entrance }}

),

with_probabilities as (

    select
        *,
        {{ posterior_rate("hits", "trials", "prior_alpha", "prior_beta") }} as eb_rate,
        {{ posterior_bound("hits", "trials", "prior_alpha", "prior_beta", "lower") }}
            as eb_rate_lower,
        {{ posterior_bound("hits", "trials", "prior_alpha", "prior_beta", "upper") }}
            as eb_rate_upper,
        {{ beta_tail("peer_rate", "(hits + prior_alpha)", "(trials - hits + prior_beta)") }}
            as probability_above_peers,
        {{ beta_tail(
            "(2 * peer_rate)", "(hits + prior_alpha)", "(trials - hits + prior_beta)"
        ) }} as probability_above_twice_peers,
        {{ beta_binomial_tail("hits", "trials", "prior_alpha", "prior_beta") }} as p_value,
        {{ rate("hits", "expected_hits") }} as refund_ratio,
        {{ ratio_bound("hits", "expected_hits", "lower") }} as refund_ratio_lower,
        {{ ratio_bound("hits", "expected_hits", "upper") }} as refund_ratio_upper,
        units_refunded - expected_units as excess_units,
        (units_refunded - expected_units)
        * {{ rate("sales_usd", "units_sold") }} as excess_usd
    from with_priors

),

with_tests as (

    select
        *,
        greatest(0, eb_rate - peer_rate) * cast(sales_usd as double) as money_at_stake_usd,
        row_number() over (order by p_value, {{ keys | join(", ") }}) as p_rank,
        count(*) over () as tests
    from with_probabilities

),

with_q_values as (

    select
        *,
        {{ benjamini_hochberg_q("p_value", "p_rank", "tests") }} as q_value
    from with_tests

),

with_severities as (

    select
        *,
        {{ severity() }} as severity
    from with_q_values

),

scored as (

    select
        *,
        {{ severity_reason(what) }} as severity_reason,
        row_number() over (
            order by
                coalesce(money_at_stake_usd, 0) * probability_above_peers desc,
                (eb_rate - peer_rate) * trials desc,
                {{ keys | join(", ") }}
        ) as stake_rank
    from with_severities

)
{%- endmacro %}
