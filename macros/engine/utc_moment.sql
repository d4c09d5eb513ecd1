{# ISO 8601 text -> timestamp in UTC. A value with an offset keeps it; one without is local to `time_zone`. #}
{% macro utc_moment(text, time_zone) -%}
    case
        when regexp_matches({{ text }}, 'T.*(Z|[+-][0-9]{2}:?[0-9]{2})$')
            then timezone('UTC', cast({{ text }} as timestamptz))
        else timezone('UTC', timezone({{ time_zone }}, cast({{ text }} as timestamp)))
    end
{%- endmacro %}
