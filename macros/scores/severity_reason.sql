{#
    The numbers that decide the severity, in plain English. `what` names the trials: lines or orders.
#}
{% macro severity_reason(what) -%}
    {%- set certain -%}
    case when severity = 'watch' then probability_above_peers else probability_above_twice_peers end
    {%- endset -%}
    concat(
        cast(hits as string), ' of ', cast(trials as string),
        case when trials = 1 then ' {{ what[:-1] }}' else ' {{ what }}' end, ' came back',
        {{ "' and are held against the customer,'," if what == "orders" }}
        ' where peers would have had ', cast(round(expected_hits, 1) as string), '. ',
        case
            when severity != 'normal' then concat(
                case
                    when {{ certain }} > 0.999 then 'More than 99.9'
                    else cast(round(100 * {{ certain }}, 1) as string)
                end,
                case severity
                    when 'watch' then ' % sure that the true rate is above theirs, not that it is twice theirs.'
                    when 'high' then concat(
                        ' % sure that the true rate is over twice theirs, though some peers get there'
                        ' by chance and by nature (q ', cast(round(q_value, 2) as string), ').'
                    )
                    else concat(
                        ' % sure that the true rate is over twice theirs, further than peers get by'
                        ' chance and by nature (q ',
                        case
                            when q_value < 0.0001 then 'below 0.0001'
                            else cast(round(q_value, 4) as string)
                        end, ').'
                    )
                end
            )
            when hits - expected_hits >= {{ var("severity_min_excess") }}
                then 'More, but chance can explain it.'
            when hits > expected_hits then 'Too few to call it more.'
            else 'No more than peers.'
        end
    )
{%- endmacro %}
