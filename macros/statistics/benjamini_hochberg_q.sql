{#
    Benjamini-Hochberg q value: the share of false alarms to expect when everything up to this p value
    is called one. `p_rank` is the row number by p value, `tests` how many there are; a window can't
    number rows inside another, so both are columns.
#}
{% macro benjamini_hochberg_q(p_value, p_rank, tests) -%}
    least(
        1.0,
        min({{ p_value }} * {{ tests }} / {{ p_rank }}) over (
            order by {{ p_rank }} desc rows between unbounded preceding and current row
        )
    )
{%- endmacro %}
