{#
    A seed that people edit and models look things up in. `keys`: lists of columns that name at most
    one row each and are never empty. `required`: other columns that are never empty.
    `accepted_values`: what a column may hold, null apart. `rules`: expressions that hold in every
    row. Returns each problem with the row that has it; one test for all, because a node costs dbt
    more than reading such a table.
#}
{% test lookup(model, keys, required=[], accepted_values={}, rules=[]) %}

{{ config(store_failures=true) }}

{%- set row_key = "concat_ws(', ', " ~ keys[0] | join(", ") ~ ")" %}
{%- set problems = [] %}
{%- for column in (keys | sum(start=[]) + required) | unique %}
    {%- do problems.append((column ~ " is empty", column ~ " is null")) %}
{%- endfor %}
{%- for column, values in accepted_values.items() %}
    {%- set condition %}cast({{ column }} as {{ dbt.type_string() }}) not in ('{{ values | join("', '") }}'){% endset %}
    {%- do problems.append((column ~ " is none of " ~ values | join(", "), condition)) %}
{%- endfor %}
{%- for rule in rules %}
    {%- do problems.append(("not true: " ~ rule, "(" ~ rule ~ ") is not true")) %}
{%- endfor %}

{%- for key in keys %}
select
    '{{ key | join(", ") }} occurs more than once' as problem,
    concat_ws(', ', {{ key | join(", ") }}) as row_key
from {{ model }}
group by {{ key | join(", ") }}
having count(*) > 1
{{- "\nunion all" if problems or not loop.last }}
{% endfor %}
{%- for problem, condition in problems %}
select
    '{{ problem | replace("'", "''") }}' as problem,
    {{ row_key }} as row_key
from {{ model }}
where {{ condition }}
{{- "\nunion all" if not loop.last }}
{% endfor %}

{% endtest %}
