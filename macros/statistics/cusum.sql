{#
    Height of a CUSUM that never falls below zero, without recursion: the running sum less its lowest
    point so far. `running_sum` is a column, `window` says "partition by ... order by ...".
#}
{% macro cusum(running_sum, window) -%}
    {{ running_sum }} - least(
        0,
        min({{ running_sum }}) over (
            {{ window }} rows between unbounded preceding and current row
        )
    )
{%- endmacro %}
