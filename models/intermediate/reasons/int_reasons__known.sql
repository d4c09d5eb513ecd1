{{ config(materialized='table') }}

with

decisions as (

    select * from {{ ref('int_reasons__decisions') }}

),

published as (

    select * from decisions
    where known_from = 'map'

),

-- A reason that means the same wherever it is listed means it everywhere else, too. One that means
-- one thing here and another there (Shopify's cancel reason CUSTOMER) stays with its vocabulary.
meanings as (

    select
        reason_key,
        count(distinct reason || ':' || reason_category) as meanings_count,
        bool_or(reason_vocabulary = 'any') as is_listed_as_any
    from published
    where is_portable
    group by reason_key

),

shared as (

    select
        'map' as known_from,
        4 as precedence,
        'any' as reason_vocabulary,
        published.reason_key,
        min(published.raw_reason) as raw_reason,
        min(published.reason) as reason,
        min(published.reason_category) as reason_category,
        bool_or(published.is_contested) as is_contested,
        true as is_portable
    from published
    inner join meanings
        on published.reason_key = meanings.reason_key
    where
        published.is_portable
        and meanings.meanings_count = 1
        and not meanings.is_listed_as_any
    group by published.reason_key

),

unioned as (

    select * from decisions
    union all
    select * from shared

),

final as (

    select
        known_from || ':' || precedence || ':' || reason_vocabulary || ':' || reason_key
            as known_reason_id,
        known_from,
        precedence,
        reason_vocabulary,
        reason_key,
        raw_reason,
        reason,
        reason_category,
        is_contested,
        is_portable
    from unioned

)

select * from final
