{#
    None of the columns is ever null. One scan for all of them; marts need no such test, for their
    contracts hold not_null constraints. Returns how many nulls each column has, if any.
#}
{% test never_null(model, columns) %}

select
    {%- for column in columns %}
    count(*) - count({{ column }}) as {{ column }}_nulls{{ "," if not loop.last }}
    {%- endfor %}
from {{ model }}
having
    {%- for column in columns %}
    {{ "or " if not loop.first }}count(*) > count({{ column }})
    {%- endfor %}

{% endtest %}
