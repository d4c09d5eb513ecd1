{#
    How much units differ by themselves: the correlation rho of a beta prior, fitted by moments with
    weights by size (Kleinman 1973) from sums over the units: `units`, `trials`, `hits`, `squares`
    (sum of n * n) and `shares` (sum of x * x / n). Sums, so that a unit can be left out by
    subtraction. Alpha + beta is 1 / rho - 1. Not held within bounds: below zero the units differ less
    than chance. Null where nothing can be told. `part` spread or information gives one side of the
    fraction, to pool groups: information counts about one for each hit that tells something.
#}
{% macro prior_overdispersion(units, trials, hits, squares, shares, part="ratio") -%}
    {%- if part not in ["ratio", "spread", "information"] -%}
        {{ exceptions.raise_compiler_error(
            "prior_overdispersion: part is ratio, spread or information, not " ~ part
        ) }}
    {%- endif -%}
    {%- set share = "(" ~ hits ~ " / nullif(cast(" ~ trials ~ " as double), 0))" -%}
    {%- set spread -%}
        ({{ shares }} - {{ hits }} * {{ share }} - {{ share }} * (1 - {{ share }}) * ({{ units }} - 1))
    {%- endset -%}
    {%- set information -%}
        ({{ share }} * (1 - {{ share }}) * (
            {{ trials }} - {{ squares }} / nullif(cast({{ trials }} as double), 0)
            - ({{ units }} - 1)
        ))
    {%- endset -%}
    {%- if part == "spread" -%}{{ spread }}
    {%- elif part == "information" -%}{{ information }}
    {%- else -%}{{ spread }} / nullif({{ information }}, 0)
    {%- endif -%}
{%- endmacro %}
