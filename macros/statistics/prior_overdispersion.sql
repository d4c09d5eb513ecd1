{#
    How much units differ by themselves: the correlation rho of a beta prior, fitted by moments with
    weights by size (Kleinman 1973) from sums over the units: `units`, `trials`, `hits`,
    `squared_trials` (sum of n * n) and `weighted_shares` (sum of x * x / n). Sums, so that a unit can
    be left out by subtraction. Alpha + beta is 1 / rho - 1. Not held within bounds: below zero the
    units differ less than chance. Null with fewer than two units or a rate of 0 or 1.
#}
{% macro prior_overdispersion(units, trials, hits, squared_trials, weighted_shares) -%}
    {%- set share = "(" ~ hits ~ " / nullif(cast(" ~ trials ~ " as double), 0))" -%}
    (
        {{ weighted_shares }} - {{ hits }} * {{ share }}
        - {{ share }} * (1 - {{ share }}) * ({{ units }} - 1)
    ) / nullif(
        {{ share }} * (1 - {{ share }}) * (
            {{ trials }} - {{ squared_trials }} / nullif(cast({{ trials }} as double), 0)
            - ({{ units }} - 1)
        ),
        0
    )
{%- endmacro %}
