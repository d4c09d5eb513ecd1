{{ config(materialized='table') }}

with

keyed as (

    select * from {{ ref('int_reasons__keyed') }}
    where reason_key is not null

),

known as (

    select * from {{ ref('int_reasons__known') }}

),

vocabularies as (

    select * from {{ ref('reason_vocabularies') }}

),

own_lists as (

    select distinct
        reason_vocabulary,
        reason_vocabulary as looked_up_in,
        0 as search_order
    from keyed
    where reason_vocabulary != 'any'

),

further_lists as (

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

-- Where to look for a code: in its own list, then in the lists that the same report draws on.
places as (

    select * from own_lists
    union all
    select * from further_lists
    union all
    select * from everywhere

),

found as (

    select
        keyed.reason_vocabulary,
        keyed.raw_reason,
        places.looked_up_in,
        known.known_reason_id,
        known.known_from,
        known.reason,
        known.reason_category,
        known.is_contested,
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

    select * exclude (found_rank)
    from found
    where found_rank = 1

)

select * from final
