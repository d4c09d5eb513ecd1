{# An amount as the source counts it (subunits or not) -> major units. Null when the unit is unknown. #}
{% macro to_major_units(amount, units_per_major) -%}
    cast({{ amount }} / nullif({{ units_per_major }}, 0) as decimal(18, 4))
{%- endmacro %}
