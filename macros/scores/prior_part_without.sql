{# One side of a group's overdispersion without the unit of the row; sums are columns `<sum>_of_group`. #}
{% macro prior_part_without(own, part) -%}
    coalesce({{ prior_overdispersion(
        "(units_of_group - " ~ own["units"] ~ ")",
        "(trials_of_group - " ~ own["trials"] ~ ")",
        "(hits_of_group - " ~ own["hits"] ~ ")",
        "(squares_of_group - " ~ own["squares"] ~ ")",
        "(shares_of_group - " ~ own["shares"] ~ ")",
        part
    ) }}, 0)
{%- endmacro %}
