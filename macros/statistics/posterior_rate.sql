{# Empirical-Bayes rate: the mean of a rate after `hits` in `trials`, given its Beta(alpha, beta) prior. #}
{% macro posterior_rate(hits, trials, alpha, beta) -%}
    ({{ hits }} + {{ alpha }}) / nullif({{ trials }} + {{ alpha }} + {{ beta }}, 0)
{%- endmacro %}
