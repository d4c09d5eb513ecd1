{#
    Rows, units and amounts of a batch as `reconciliation` has them, from `raw_totals`,
    `staging_totals` and `core_totals`: what is raw less what staging excludes is what core holds.
    Units and amounts are control totals: the amounts of a batch may be of many currencies.
#}
{% macro reconciled_totals() -%}
{%- set totals = [
    ("rows", "row_count", "bigint"), ("units", "units", "bigint"), ("amount", "amount", "decimal(18, 4)")
] -%}
{%- for name, total, type in totals %}
    cast(coalesce(raw_totals.{{ total }}, 0) as {{ type }}) as {{ name }}_raw,
    cast(coalesce(staging_totals.{{ total }}, 0) as {{ type }}) as {{ name }}_staging,
    cast(coalesce(staging_totals.excluded_{{ total }}, 0) as {{ type }}) as {{ name }}_excluded,
    cast(coalesce(core_totals.{{ total }}, 0) as {{ type }}) as {{ name }}_core
    {%- if not loop.last %},{% endif %}
{%- endfor %}
{%- endmacro %}
