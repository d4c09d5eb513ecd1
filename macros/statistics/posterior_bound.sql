{#
    95 % bound of a rate after `hits` in `trials`, given its Beta(alpha, beta) prior: the Wilson bound
    of the counts with the prior's own counts added. APPROXIMATE: within 0.03 of the beta quantile, mostly within 0.002;
    `beta_tail` is exact where a verdict hangs on it. `side` is 'lower' or 'upper'.
#}
{% macro posterior_bound(hits, trials, alpha, beta, side) -%}
    {{ wilson_bound(
        "(" ~ hits ~ " + " ~ alpha ~ ")",
        "(" ~ trials ~ " + " ~ alpha ~ " + " ~ beta ~ ")",
        side
    ) }}
{%- endmacro %}
