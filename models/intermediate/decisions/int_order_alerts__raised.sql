{{ config(materialized='table') }}

with

measures as (

    select * from {{ ref('int_orders__alert_measures') }}

),

rules as (

    select * from {{ ref('alert_rules') }}
    where is_enabled

),

measured as (

    {{ alert(
        'over_refunded_units',
        measure='units_over_refunded',
        stake='over_refunded_units_usd',
        since='last_refunded_at',
        evidence="'units refunded: ' || units_refunded || ', sold: ' || units_sold"
    ) }}

    union all

    {{ alert(
        'refund_above_paid',
        measure='over_refunded_usd',
        stake='over_refunded_usd',
        since='last_refunded_at',
        evidence=usd_in_words('item_refund_usd') ~ " || ' refunded of ' || "
        ~ usd_in_words('sales_usd') ~ " || ' paid'"
    ) }}

    union all

    -- Two equal refunds of two units are no surprise; beyond what was sold or paid they are.
    {{ alert(
        'duplicate_refund',
        measure='repeated_refunds',
        stake='repeated_usd',
        since='last_refunded_at',
        evidence="repeated_refunds || ' refunds of the same amount for the same product, ' || "
        ~ usd_in_words('repeated_usd') ~ " || ' more than once'",
        condition='units_over_refunded > 0 or amount_over_refunded > 0'
    ) }}

    union all

    {{ alert(
        'refund_out_of_scale',
        measure='times_paid',
        stake='over_refunded_usd',
        since='last_refunded_at',
        evidence="format('{:,.0f}', times_paid) || ' times what was paid was refunded'"
    ) }}

    union all

    {{ alert(
        'refund_without_return',
        measure='kept_refund_usd',
        stake='kept_refund_usd',
        since='last_refunded_at',
        evidence=usd_in_words('kept_refund_usd') ~ " || ' refunded, no goods came back'",
        condition='not has_returned_goods'
    ) }}

    union all

    {{ alert(
        'undelivered_refund',
        measure='undelivered_refund_usd',
        stake='undelivered_refund_usd',
        since='last_refunded_at',
        evidence=usd_in_words('undelivered_refund_usd')
        ~ " || ' refunded for a parcel that never arrived'"
    ) }}

    union all

    {{ alert(
        'candidate_open_return',
        measure='open_returns',
        stake='open_return_usd',
        since='first_requested_at',
        evidence="'a customer with abnormal returns asks for '"
        ~ " || case when open_returns = 1 then 'a return' else open_returns || ' returns' end",
        condition='is_candidate'
    ) }}

    union all

    {{ alert(
        'stale_return',
        measure='open_return_days',
        stake='open_return_usd',
        since='first_requested_at',
        evidence="'a return has been open for ' || open_return_days || ' days'",
        condition='coalesce(units_refunded, 0) = 0'
    ) }}

    union all

    {{ alert(
        'unmapped_reason',
        measure='unmapped_refund_usd',
        stake='unmapped_refund_usd',
        since='last_refunded_at',
        evidence=usd_in_words('unmapped_refund_usd')
        ~ " || ' refunded for a reason that no rule knows'"
    ) }}

    union all

    {{ alert(
        'decision_lapsed',
        measure='1',
        stake='refund_usd',
        since='cast(null as timestamp)',
        evidence="'an earlier decision no longer holds'",
        condition='has_lapsed_decision'
    ) }}

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
