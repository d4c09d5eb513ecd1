{#
    The CTEs that give every unit of the CTE `counts` (columns as in `peer_scores`) its prior, ending in
    the CTE `with_priors`. Every unit takes part; those of which `entrance` is true go on.

    The mean of a prior is the rate expected of the unit; its strength follows from how much the peer
    group differs by itself without this unit. Small groups tell little of that, so a group's own
    spread leans on that within all groups with the weight of `prior_weight_hits` hits. Both are known
    to three digits at best and are rounded to them, so that units which are alike have equal priors.
    A prior has no mean of 0 or 1: a customer whose orders held nothing that was sold is expected to
    return none.
#}
{% macro peer_priors(entrance) -%}
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

)
{%- endmacro %}
