{{ config(materialized='table') }}

{# Each alert: what its rule's threshold is held against, the money at stake in USD, the evidence in
   words, since when it stands if not the last refund, and what must hold besides, if anything.
   Two equal refunds of two units are no surprise; beyond what was sold or paid they are. #}
{% set alerts = {
    'over_refunded_units': {
        'measure': 'units_over_refunded',
        'stake': 'over_refunded_units_usd',
        'evidence': "'units refunded: ' || units_refunded || ', sold: ' || units_sold",
    },
    'refund_above_paid': {
        'measure': 'over_refunded_usd',
        'stake': 'over_refunded_usd',
        'evidence': usd_in_words('item_refund_usd') ~ " || ' refunded of ' || "
        ~ usd_in_words('sales_usd') ~ " || ' paid'",
    },
    'duplicate_refund': {
        'measure': 'repeated_refunds',
        'stake': 'repeated_usd',
        'evidence': "repeated_refunds || ' refunds of the same amount for the same product, ' || "
        ~ usd_in_words('repeated_usd') ~ " || ' more than once'",
        'condition': 'units_over_refunded > 0 or amount_over_refunded > 0',
    },
    'refund_out_of_scale': {
        'measure': 'times_paid',
        'stake': 'over_refunded_usd',
        'evidence': "format('{:,.0f}', times_paid) || ' times what was paid was refunded'",
    },
    'refund_without_return': {
        'measure': 'kept_refund_usd',
        'stake': 'kept_refund_usd',
        'evidence': usd_in_words('kept_refund_usd') ~ " || ' refunded, no goods came back'",
        'condition': 'not has_returned_goods',
    },
    'undelivered_refund': {
        'measure': 'undelivered_refund_usd',
        'stake': 'undelivered_refund_usd',
        'evidence': usd_in_words('undelivered_refund_usd')
        ~ " || ' refunded for a parcel that never arrived'",
    },
    'candidate_open_return': {
        'measure': 'open_returns',
        'stake': 'open_return_usd',
        'since': 'first_requested_at',
        'evidence': "'a customer with abnormal returns asks for '"
        ~ " || case when open_returns = 1 then 'a return' else open_returns || ' returns' end",
        'condition': 'is_candidate',
    },
    'stale_return': {
        'measure': 'open_return_days',
        'stake': 'open_return_usd',
        'since': 'first_requested_at',
        'evidence': "'a return has been open for ' || open_return_days || ' days'",
        'condition': 'coalesce(units_refunded, 0) = 0',
    },
    'unmapped_reason': {
        'measure': 'unmapped_refund_usd',
        'stake': 'unmapped_refund_usd',
        'evidence': usd_in_words('unmapped_refund_usd')
        ~ " || ' refunded for a reason that no rule knows'",
    },
    'decision_lapsed': {
        'measure': '1',
        'stake': 'refund_usd',
        'since': 'cast(null as timestamp)',
        'evidence': "'an earlier decision no longer holds'",
        'condition': 'has_lapsed_decision',
    },
} %}
with

measures as (

    select * from {{ ref('int_orders__alert_measures') }}

),

rules as (

    select * from {{ ref('alert_rules') }}
    where is_enabled

),

measured as (

    {% for alert_type, alert in alerts.items() %}
        select
            order_key,
            '{{ alert_type }}' as alert_type,
            cast({{ alert.measure }} as double) as measure,
            cast({{ alert.stake }} as decimal(18, 4)) as money_at_stake_usd,
            {{ alert.since | default('last_refunded_at') }} as alerted_at,
            {{ alert.evidence }} as evidence
        from measures
        where {{ alert.condition | default('true') }}
        {% if not loop.last %}
            union all
        {% endif %}
    {% endfor %}

),

final as (

    select
        measured.order_key,
        measured.alert_type,
        rules.label,
        rules.severity,
        case rules.severity when 'critical' then 1 when 'high' then 2 else 3 end as severity_rank,
        rules.sort_order,
        measured.measure,
        measured.money_at_stake_usd,
        measured.alerted_at,
        measured.evidence
    from measured
    inner join rules
        on measured.alert_type = rules.alert_type
    where measured.measure >= rules.threshold

)

select * from final
