{#
    Rate expected where a row and a column meet: that of the row elsewhere, times how the column's other
    rows stand to all of their age band. Each leans on its band and that on everything, with the weight
    of `peer_weight_lines`. Reads the columns `<total>_elsewhere`, `<total>_beside`, `<total>_of_band`
    and `<total>_of_all`. Below 1, as a beta prior needs.
#}
{% macro crossed_rate(hits, trials) -%}
    {%- set weight = var("peer_weight_lines") -%}
    {%- set overall = "((" ~ hits ~ "_of_band + " ~ weight ~ " * (" ~ hits ~ "_of_all + 0.5) / ("
        ~ trials ~ "_of_all + 1.0)) / (" ~ trials ~ "_of_band + " ~ weight ~ ".0))" -%}
    least(
        0.9,
        ({{ hits }}_elsewhere + {{ weight }} * {{ overall }}) / ({{ trials }}_elsewhere + {{ weight }}.0)
        * ({{ hits }}_beside + {{ weight }} * {{ overall }}) / ({{ trials }}_beside + {{ weight }}.0)
        / {{ overall }}
    )
{%- endmacro %}
