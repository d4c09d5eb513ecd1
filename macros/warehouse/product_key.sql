{# The key of a sold SKU, the same in every channel; the source's product id where no SKU is given. #}
{% macro product_key(sku, product_id) -%}
    coalesce('sku:' || nullif(upper(trim({{ sku }})), ''), 'product:' || nullif({{ product_id }}, ''))
{%- endmacro %}
