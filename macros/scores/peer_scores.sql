{#
    The CTEs that turn counts into scores, the same for products, categories and customers. Reads the
    CTE `counts` (keys, peer_group, trials (called `what` in words), hits, expected_hits, units_sold,
    units_refunded, expected_units, sales_usd) and ends in the CTE `scored`. Every unit takes part in
    the priors; what `entrance` says is ranked and tested. `keys` settle ties, so that builds repeat.

    The prior of a unit: its mean is the rate expected of it, its strength follows from how much its
    peer group differs by itself without this unit. Small groups tell little of that, so a group's
    own spread leans on that within all groups with the weight of `prior_weight_hits` hits. Both are
    known to three digits at best and are rounded to them: most units are small, and those that are
    alike to the last digit share one computation of the tails, which are the dear part. A prior has
    no mean of 0 or 1: a customer whose orders held nothing that was sold is expected to return none.
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
        {{ three_digits("least(0.999, greatest(0.000001, counts.expected_hits / counts.trials))") }}
            as peer_rate,
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
        peer_rate * (1 / {{ three_digits("overdispersion") }} - 1) as prior_alpha,
        (1 - peer_rate) * (1 / {{ three_digits("overdispersion") }} - 1) as prior_beta
    from compared
    where {{ entrance }}

),

-- Most units are alike.
kinds as (

    select
        hits,
        trials,
        peer_rate,
        prior_alpha,
        prior_beta
    from with_priors
    group by hits, trials, peer_rate, prior_alpha, prior_beta

),

tails as (

    select
        *,
        {{ beta_tail("peer_rate", "(hits + prior_alpha)", "(trials - hits + prior_beta)") }}
            as probability_above_peers,
        {{ beta_tail(
            "(2 * peer_rate)", "(hits + prior_alpha)", "(trials - hits + prior_beta)"
        ) }} as probability_above_twice_peers,
        {{ beta_binomial_tail("hits", "trials", "prior_alpha", "prior_beta") }} as p_value
    from kinds

),

with_probabilities as (

    select
        with_priors.*,
        tails.probability_above_peers,
        tails.probability_above_twice_peers,
        tails.p_value,
        {{ posterior_rate(
            "with_priors.hits", "with_priors.trials", "with_priors.prior_alpha",
            "with_priors.prior_beta"
        ) }} as eb_rate,
        {%- for side in ["lower", "upper"] %}
        {{ posterior_bound(
            "with_priors.hits", "with_priors.trials", "with_priors.prior_alpha",
            "with_priors.prior_beta", side
        ) }} as eb_rate_{{ side }},
        {{ ratio_bound("with_priors.hits", "with_priors.expected_hits", side) }}
            as refund_ratio_{{ side }},
        {%- endfor %}
        {{ rate("with_priors.hits", "with_priors.expected_hits") }} as refund_ratio,
        with_priors.units_refunded - with_priors.expected_units as excess_units,
        (with_priors.units_refunded - with_priors.expected_units)
        * {{ rate("with_priors.sales_usd", "with_priors.units_sold") }} as excess_usd
    from with_priors
    inner join tails
        on
            with_priors.hits = tails.hits
            and with_priors.trials = tails.trials
            and with_priors.peer_rate = tails.peer_rate
            and with_priors.prior_alpha = tails.prior_alpha
            and with_priors.prior_beta = tails.prior_beta

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
