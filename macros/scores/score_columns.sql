{# The columns that every scored mart shows, in one order. `trials` and `hits` are its own names of them. #}
{% macro score_columns(trials, hits, rate_name) -%}
    ---------- rates
    scored.trials as {{ trials }},
    scored.hits as {{ hits }},
    {{ rate("scored.hits", "scored.trials") }} as {{ rate_name }},
    scored.eb_rate as eb_{{ rate_name }},
    scored.eb_rate_lower as eb_{{ rate_name }}_lower,
    scored.eb_rate_upper as eb_{{ rate_name }}_upper,
    scored.peer_rate as peer_{{ rate_name }},
    scored.prior_alpha,
    scored.prior_beta,

    ---------- against peers
    scored.expected_hits as expected_{{ hits }},
    scored.expected_units,
    scored.excess_units,
    scored.excess_usd,
    scored.refund_ratio,
    scored.refund_ratio_lower,
    scored.refund_ratio_upper,
    scored.p_value,
    scored.q_value,
    scored.probability_above_peers,
    scored.probability_above_twice_peers,
    scored.money_at_stake_usd,
    scored.severity,
    scored.severity_reason
{%- endmacro %}
