{# The one moment (UTC) that every relative date hangs on: var `as_of`, or the start of this run. #}
{% macro as_of() -%}
    {%- set moment = var("as_of") or run_started_at.strftime("%Y-%m-%dT%H:%M:%S") -%}
    cast('{{ moment | string | replace("Z", "") | replace("+00:00", "") }}' as timestamp)
{%- endmacro %}
