{#
    Major units x USD per unit, exact decimals, four places. Null when the rate is unknown: never 1. The
    rate is widened because DuckDB keeps a product of two decimals of 18 digits in 18 digits.
#}
{% macro to_usd(amount, usd_per_unit) -%}
    cast(
        round(cast({{ amount }} as decimal(18, 4)) * cast({{ usd_per_unit }} as decimal(20, 12)), 4)
        as decimal(18, 4)
    )
{%- endmacro %}
