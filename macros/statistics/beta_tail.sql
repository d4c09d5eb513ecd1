{#
    Probability that a rate with a Beta(alpha, beta) distribution lies above `threshold`. Exact but
    for rounding: within 1e-9 of scipy up to alpha + beta of 100,000. Null when an argument is;
    arguments are column names or brackets, for they are written many times.
#}
{% macro beta_tail(threshold, alpha, beta) -%}
    case
        when {{ threshold }} <= 0 then 1.0
        when {{ threshold }} >= 1 then 0.0
        when {{ threshold }} * ({{ alpha }} + {{ beta }} + 2) <= {{ alpha }} + 1
            then greatest(0.0, 1 - {{ incomplete_beta_fraction(
                threshold, "(1 - " ~ threshold ~ ")", alpha, beta
            ) }})
        when {{ threshold }} * ({{ alpha }} + {{ beta }} + 2) > {{ alpha }} + 1
            then least(1.0, {{ incomplete_beta_fraction(
                "(1 - " ~ threshold ~ ")", threshold, beta, alpha
            ) }})
    end
{%- endmacro %}
