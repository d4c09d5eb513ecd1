{{ config(materialized='table') }}

with

worded as (

    select * from {{ ref('int_reasons__worded') }}

),

rule_hits as (

    select * from {{ ref('int_reasons__rule_hits') }}

),

reason_rules as (

    select * from {{ ref('reason_rules') }}

),

matched as (

    select
        rule_hits.plain_text,
        reason_rules.rule_id,
        reason_rules.priority,
        reason_rules.reason,
        reason_rules.reason_category,
        reason_rules.is_contested,
        floor(reason_rules.priority / 100.0) as priority_band,
        min(floor(reason_rules.priority / 100.0)) over (
            partition by rule_hits.plain_text
        ) as best_band
    from rule_hits
    inner join reason_rules
        on rule_hits.rule_id = reason_rules.rule_id

),

decided as (

    select
        plain_text,
        arg_min(rule_id, priority) as rule_id,
        arg_min(reason, priority) as reason,
        arg_min(reason_category, priority) as reason_category,
        arg_min(is_contested, priority) as is_contested,
        string_agg(rule_id, ' + ' order by priority) as rule_ids,
        -- The customer's own wish in one half of the text, a fault of ours in the other.
        bool_or(reason_category = 'CUSTOMER')
        and bool_or(reason_category in ('OUR_FAULT', 'PRODUCT_ISSUES')) as is_contradictory
    from matched
    where priority_band = best_band
    group by plain_text

),

final as (

    select
        worded.reason_key,
        worded.plain_text,
        case
            when decided.is_contradictory then 'contradiction: ' || decided.rule_ids
            else decided.rule_id
        end as rule_id,
        case when decided.is_contradictory then 'other' else decided.reason end as reason,
        case
            when decided.is_contradictory then 'UNKNOWN'
            else decided.reason_category
        end as reason_category,
        decided.is_contested or decided.is_contradictory as is_contested
    from worded
    left join decided
        on worded.plain_text = decided.plain_text

)

select * from final
