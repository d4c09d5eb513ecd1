{#
    Regularised incomplete beta function I_x(a, b) by its continued fraction (DLMF 8.17.22), right
    where x is at most (a + 1) / (a + b + 2); `beta_tail` turns the rest over. The number of terms
    grows with the root of a + b. `complement` is 1 - x, handed in so that a small one keeps its
    digits.
#}
{% macro incomplete_beta_fraction(x, complement, a, b) -%}
    {%- set half = "((k - k % 2) / 2.0)" -%}
    {%- set term -%}
        case
            when k % 2 = 0
                then {{ half }} * ({{ b }} - {{ half }}) * {{ x }}
                    / (({{ a }} + k - 1) * ({{ a }} + k))
            else -({{ a }} + {{ half }}) * ({{ a }} + {{ b }} + {{ half }}) * {{ x }}
                / (({{ a }} + k - 1) * ({{ a }} + k))
        end
    {%- endset -%}
    exp(
        {{ a }} * ln({{ x }}) + {{ b }} * ln({{ complement }}) - {{ log_beta(a, b) }}
    ) / ({{ a }} * {{ fold(
        "16 + 2.5 * sqrt(" ~ a ~ " + " ~ b ~ ")", 1, term, "1 + term / acc", descending=true
    ) }})
{%- endmacro %}
