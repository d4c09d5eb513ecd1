{{ config(materialized='table') }}

with

keyed as (

    select * from {{ ref('int_reasons__keyed') }}

),

words as (

    select * from {{ ref('reason_words') }}

),

distinct_keys as (

    select distinct
        reason_key,
        string_split(reason_key, ' ') as written_words
    from keyed
    where reason_key is not null

),

written as (

    select
        reason_key,
        unnest(written_words) as written_word,
        unnest(range(1, len(written_words) + 1)) as word_position
    from distinct_keys

),

-- Endings, and what Arabic writes at the front of a word; a word that is listed stays as it is.
stemmed as (

    select
        reason_key,
        written_word,
        {{ arabic_word_stem('written_word') }} as word_stem,
        {{ reason_word_root('written_word') }} as word_root,
        word_position
    from written

),

plain as (

    select
        stemmed.reason_key,
        stemmed.word_position,
        case
            when whole_words.word is not null then whole_words.plain_word
            when word_stems.word is not null then word_stems.plain_word
            when word_roots.word is not null then word_roots.plain_word
            else stemmed.written_word
        end as plain_word
    from stemmed
    left join words as whole_words
        on stemmed.written_word = whole_words.word
    left join words as word_stems
        on stemmed.word_stem = word_stems.word
    left join words as word_roots
        on stemmed.word_root = word_roots.word

),

joined as (

    select
        reason_key,
        string_agg(plain_word, ' ' order by word_position) as plain_words
    from plain
    where plain_word is not null
    group by reason_key

),

final as (

    select
        reason_key,
        -- "not damaged" is one word from here on, so that no rule for damage can see it.
        regexp_replace(
            plain_words, '(^| )not (?:not )*([^ ]+)', '\1not_\2', 'g'
        ) as plain_text
    from joined

)

select * from final
