{#
    critical: surely at twice its peers' rate, and beyond what peers differ by themselves (q value).
    high: surely at twice its peers' rate. watch: surely above them. Each only with some hits too many.
#}
{% macro severity() -%}
    case
        when hits - expected_hits < {{ var("severity_min_excess") }} then 'normal'
        when
            q_value <= {{ var("severity_critical_q") }}
            and probability_above_twice_peers >= {{ var("severity_probability") }}
            then 'critical'
        when probability_above_twice_peers >= {{ var("severity_probability") }} then 'high'
        when probability_above_peers >= {{ var("severity_probability") }} then 'watch'
        else 'normal'
    end
{%- endmacro %}
