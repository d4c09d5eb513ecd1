{{ config(materialized='table') }}

with

keyed as (

    select * from {{ ref('int_reasons__keyed') }}

),

known as (

    select * from {{ ref('int_reasons__known') }}

),

ruled as (

    select * from {{ ref('int_reasons__ruled') }}

),

vocabularies as (

    select * from {{ ref('reason_vocabularies') }}

),

-- Where to look for a code: in its own list, then in the lists that the same report draws on.
lookups as (

    select distinct
        reason_vocabulary,
        reason_vocabulary as looked_up_in,
        0 as search_order
    from keyed
    where reason_vocabulary != 'any'
    union all
    select distinct
        own.reason_vocabulary,
        listed.reason_vocabulary as looked_up_in,
        listed.position as search_order
    from vocabularies as own
    inner join vocabularies as listed
        on own.layout = listed.layout
    where own.position = 1 and listed.position > 1

),

everywhere as (

    select distinct
        reason_vocabulary,
        'any' as looked_up_in,
        99 as search_order
    from keyed

),

places as (

    select * from lookups
    union all
    select * from everywhere

),

found as (

    select
        keyed.reason_vocabulary,
        keyed.raw_reason,
        known.known_reason_id,
        known.known_from,
        known.reason,
        known.reason_category,
        known.is_contested,
        places.looked_up_in,
        row_number() over (
            partition by keyed.reason_vocabulary, keyed.raw_reason
            -- The owner's file, the owner's seed, the published lists; of these the nearest one.
            order by
                least(known.precedence, 3) asc,
                places.search_order asc,
                known.precedence asc
        ) as found_rank
    from keyed
    inner join places
        on keyed.reason_vocabulary = places.reason_vocabulary
    inner join known
        on
            keyed.reason_key = known.reason_key
            and places.looked_up_in = known.reason_vocabulary

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
            else coalesce(found.reason, ruled.reason, 'unmapped')
        end as reason,
        case
            when keyed.reason_key is null then 'UNKNOWN'
            else coalesce(found.reason_category, ruled.reason_category, 'UNKNOWN')
        end as reason_category,
        case
            when keyed.reason_key is null then 'none_given'
            when found.known_from = 'override' then 'override'
            when found.looked_up_in = 'any' then 'exact_any'
            when found.looked_up_in is not null then 'exact_channel'
            when ruled.rule_id is not null then 'rule'
            else 'unmapped'
        end as reason_match,
        coalesce(found.known_reason_id, ruled.rule_id) as reason_rule,

        ---------- flags
        coalesce(found.is_contested, ruled.is_contested, false) as is_contested
    from keyed
    left join found
        on
            keyed.reason_vocabulary = found.reason_vocabulary
            and keyed.raw_reason = found.raw_reason
            and found.found_rank = 1
    left join ruled
        on keyed.reason_key = ruled.reason_key

)

select * from final
