{#
    Rate of a cell's peers: its stratum without itself, leaning on its channel without itself, and that
    on everything else, each step with the weight of `peer_weight_lines`. Reads the columns
    `<total>_of_stratum`, `<total>_of_channel` and `<total>_of_all`.
#}
{% macro peer_rate(hits, trials) -%}
    {%- set weight = var("peer_weight_lines") -%}
    (
        {{ hits }}_of_stratum + {{ weight }} * (
            {{ hits }}_of_channel + {{ weight }} * ({{ hits }}_of_all + 0.5) / ({{ trials }}_of_all + 1.0)
        ) / ({{ trials }}_of_channel + {{ weight }}.0)
    ) / ({{ trials }}_of_stratum + {{ weight }}.0)
{%- endmacro %}
