{#
    Rate of a cell's peers: its stratum without itself, leaning on its channel without itself, that on
    its age band, and that on everything, each step with the weight of `peer_weight_lines`. Reads the
    columns `<total>_of_stratum`, `<total>_of_channel`, `<total>_of_band` and `<total>_of_all`.
#}
{% macro peer_rate(hits, trials) -%}
    {%- set weight = var("peer_weight_lines") -%}
    {%- set rates = namespace(leant_on="(" ~ hits ~ "_of_all + 0.5) / (" ~ trials ~ "_of_all + 1.0)") -%}
    {%- for step in ["band", "channel", "stratum"] -%}
        {%- set rates.leant_on = "(" ~ hits ~ "_of_" ~ step ~ " + " ~ weight ~ " * " ~ rates.leant_on
            ~ ") / (" ~ trials ~ "_of_" ~ step ~ " + " ~ weight ~ ".0)" -%}
    {%- endfor -%}
    {{ rates.leant_on }}
{%- endmacro %}
