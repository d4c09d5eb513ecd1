{# One sentence with the numbers that decide the severity; `what` names the trials: lines or orders. #}
{% macro severity_reason(what) -%}
    {%- set certain = "case when severity = 'watch' then probability_above_peers else "
        ~ "probability_above_twice_peers end" -%}
    concat(
        cast(hits as string), ' of ', cast(trials as string), ' {{ what }} came back, ',
        cast(round(expected_hits, 1) as string), ' expected of its peers',
        case
            when severity != 'normal' then concat(
                '; ', cast(round(100 * {{ certain }}, 1) as string),
                case
                    when severity = 'watch' then ' % sure to be above their rate, not above twice it'
                    else ' % sure to be above twice their rate'
                end,
                case
                    when severity = 'critical' then ', which peers do not reach by themselves (q '
                    else ', though peers differ by themselves (q '
                end,
                cast(round(q_value, 4) as string), ')'
            )
            when hits - expected_hits >= {{ var("severity_min_excess") }}
                then ': more, but chance can explain it'
            when hits > expected_hits then ': too few to call it more'
            else ': no more than its peers'
        end
    )
{%- endmacro %}
