{#
    One alert type over `measures`: what its rule's threshold is held against, the money at stake in
    USD, since when, and the evidence in words. `condition` is what must hold besides.
#}
{% macro alert(alert_type, measure, stake, since, evidence, condition='true') -%}
    select
        order_key,
        '{{ alert_type }}' as alert_type,
        cast({{ measure }} as double) as measure,
        cast({{ stake }} as decimal(18, 4)) as money_at_stake_usd,
        {{ since }} as alerted_at,
        {{ evidence }} as evidence
    from measures
    where {{ condition }}
{%- endmacro %}
