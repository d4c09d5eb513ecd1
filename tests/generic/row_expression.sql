{# Every row fulfils the expression; a null counts as a failure. Returns the rows that do not. #}
{% test row_expression(model, expression) %}

select *
from {{ model }}
where ({{ expression }}) is not true

{% endtest %}
