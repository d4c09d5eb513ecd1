{#
    Shares of a grouped relation's units within `parents`: the row's own, and of the parent what its
    customers left unsaid (`unknown_share`) and what no rule could read (`unmapped_share`), which are
    two different things to mend.
#}
{% macro reason_share_columns(parents) -%}
    {%- set within = "over (partition by " ~ parents ~ ")" -%}
    {%- set unmapped = "reason = 'unmapped'" -%}
    {%- set unknown = "reason_category = 'UNKNOWN' and reason != 'unmapped'" -%}
    {{ rate("units_refunded", "sum(units_refunded) " ~ within) }} as refund_share,
        coalesce({{ rate(
            "sum(units_refunded) filter (where " ~ unknown ~ ") " ~ within,
            "sum(units_refunded) " ~ within
        ) }}, 0) as unknown_share,
        coalesce({{ rate(
            "sum(units_refunded) filter (where " ~ unmapped ~ ") " ~ within,
            "sum(units_refunded) " ~ within
        ) }}, 0) as unmapped_share
{%- endmacro %}
