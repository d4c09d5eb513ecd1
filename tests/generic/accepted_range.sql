{# Every known value of the columns lies within the bounds. Returns the rows in which one does not. #}
{% test accepted_range(model, columns, minimum=none, maximum=none) %}

select {{ columns | join(", ") }}
from {{ model }}
where
    false
    {%- for column in columns %}
    {%- if minimum is not none %}
    or {{ column }} < {{ minimum }}
    {%- endif %}
    {%- if maximum is not none %}
    or {{ column }} > {{ maximum }}
    {%- endif %}
    {%- endfor %}

{% endtest %}
