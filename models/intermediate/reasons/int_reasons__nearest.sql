{{ config(materialized='table') }}

with

classified as (

    select * from {{ ref('int_reasons__classified') }}

),

known as (

    select * from {{ ref('int_reasons__known') }}

),

reason_rules as (

    select * from {{ ref('reason_rules') }}

),

codes as (

    select * from {{ ref('int_reasons__codes') }}

),

-- Not the notes: they are many, and nobody writes them a seed row each.
unmapped as (

    select distinct classified.reason_key
    from classified
    inner join codes
        on
            classified.reason_vocabulary = codes.reason_vocabulary
            and classified.raw_reason = codes.raw_reason
    where classified.reason_match = 'unmapped'

),

known_texts as (

    select
        reason_key as known_key,
        raw_reason as known_reason,
        reason,
        reason_category
    from known
    where reason_vocabulary = 'any'
    union all
    select
        {{ normalise_reason('example') }} as known_key,
        example as known_reason,
        reason,
        reason_category
    from reason_rules

),

-- One row a text, so that a label and the example of a rule do not take two of the three places.
distinct_texts as (

    select
        known_key,
        min(known_reason) as known_reason,
        min(reason) as reason,
        min(reason_category) as reason_category
    from known_texts
    where known_key is not null and reason_category != 'UNKNOWN'
    group by known_key

),

compared as (

    select
        unmapped.reason_key,
        distinct_texts.known_reason,
        distinct_texts.reason,
        distinct_texts.reason_category,
        -- Letters in the same order catch a typo, letters in common a changed word order.
        round(
            0.5 * jaro_winkler_similarity(unmapped.reason_key, distinct_texts.known_key)
            + 0.5 * jaccard(unmapped.reason_key, distinct_texts.known_key),
            4
        ) as similarity
    from unmapped
    cross join distinct_texts

),

ranked as (

    select
        *,
        row_number() over (
            partition by reason_key
            order by similarity desc, known_reason asc
        ) as nearest_rank
    from compared

),

final as (

    select
        reason_key,
        nearest_rank,
        known_reason,
        reason,
        reason_category,
        similarity
    from ranked
    where nearest_rank <= 3

)

select * from final
