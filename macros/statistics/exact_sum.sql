{#
    A sum of doubles that is the same whatever order threads add them in: each is rounded to nine
    decimal places first. A double, for what is computed from it.
#}
{% macro exact_sum(expression) -%}
    cast(sum(cast({{ expression }} as decimal(28, 9))) as double)
{%- endmacro %}
