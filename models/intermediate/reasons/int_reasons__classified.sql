{{ config(materialized='table') }}

with

keyed as (

    select * from {{ ref('int_reasons__keyed') }}

),

listed as (

    select * from {{ ref('int_reasons__listed') }}

),

ruled as (

    select * from {{ ref('int_reasons__ruled') }}

),

final as (

    select
        ---------- keys
        keyed.reason_vocabulary,
        keyed.raw_reason,
        keyed.reason_key,

        ---------- attributes
        case
            when keyed.reason_key is null then 'no_reason_given'
            else coalesce(listed.reason, ruled.reason, 'unmapped')
        end as reason,
        case
            when keyed.reason_key is null then 'UNKNOWN'
            else coalesce(listed.reason_category, ruled.reason_category, 'UNKNOWN')
        end as reason_category,
        case
            when keyed.reason_key is null then 'none_given'
            when listed.known_from = 'override' then 'override'
            when listed.looked_up_in = 'any' then 'exact_any'
            when listed.looked_up_in is not null then 'exact_channel'
            when ruled.rule_id is not null then 'rule'
            else 'unmapped'
        end as reason_match,
        coalesce(listed.known_reason_id, ruled.rule_id) as reason_rule,

        ---------- flags
        coalesce(listed.is_contested, ruled.is_contested, false) as is_contested,
        -- Nobody decided, and the reason names no cause.
        coalesce(listed.known_from != 'override', true)
        and coalesce(listed.reason_category, ruled.reason_category, 'UNKNOWN') = 'UNKNOWN'
        and coalesce(listed.reason, ruled.reason, 'unmapped')
        in ('other', 'no_reason_given', 'unmapped') as takes_note
    from keyed
    left join listed
        on
            keyed.reason_vocabulary = listed.reason_vocabulary
            and keyed.raw_reason = listed.raw_reason
    left join ruled
        on keyed.reason_key = ruled.reason_key

)

select * from final
