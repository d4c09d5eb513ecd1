{#
    The rows of a mart (called `kept`) that count in 'scans' or in 'metrics': those of orders that no
    decision in force leaves out. Rows without an order stay.
#}
{% macro rows_in(what, relation, condition='true') -%}
    select kept.*
    from {{ relation }} as kept
    left join {{ ref('int_orders__left_out') }} as left_out
        on kept.order_key = left_out.order_key and left_out.is_out_of_{{ what }}
    where left_out.order_key is null and {{ condition }}
{%- endmacro %}
