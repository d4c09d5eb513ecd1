{#
    Folds the whole numbers from `first` to `last` into one double, 1.0 at first: `term` is an
    expression of `k` (the number), `step` one of `acc` (so far) and `term`. Counts down with
    `descending`. What several engines call reduce or aggregate; no recursion, so that models stay
    open to unit tests. Two functions, since DuckDB 1.5's list_reduce mixes up the columns of rows
    whose lists differ in length: columns belong in `term`, never in `step`.
#}
{% macro fold(first, last, term, step, descending=false) -%}
    list_reduce(
        list_transform(
            {%- if descending %}
            range(cast({{ first }} as bigint), cast({{ last }} as bigint) - 1, -1),
            {%- else %}
            range(cast({{ first }} as bigint), cast({{ last }} as bigint) + 1),
            {%- endif %}
            lambda k: cast({{ term }} as double)
        ),
        lambda acc, term: {{ step }},
        cast(1 as double)
    )
{%- endmacro %}
