{#
    The CTEs that turn counts into scores, the same for products, categories and customers. Reads the
    CTE `counts` (keys, peer_group, trials (called `what` in words), hits, expected_hits, units_sold,
    units_refunded, expected_units, sales_usd) and ends in the CTE `scored`. Every unit takes part in
    the priors (`peer_priors`); what `entrance` says is ranked and tested. `keys` settle ties, so that
    builds repeat.
#}
{% macro peer_scores(keys, entrance, what) -%}
{{ peer_priors(entrance) }},

-- Most units are small, and those that are alike to the last digit share one computation of the
-- tails, which are the dear part.
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
