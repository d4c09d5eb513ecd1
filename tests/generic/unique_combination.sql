{# The columns together name at most one row. Returns the keys that occur more than once. #}
{% test unique_combination(model, columns) %}

select
    {{ columns | join(",\n    ") }},
    count(*) as row_count
from {{ model }}
group by {{ columns | join(", ") }}
having count(*) > 1

{% endtest %}
