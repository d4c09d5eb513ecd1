-- A word that the normaliser would write differently could never be found.
with

reason_words as (

    select * from {{ ref('reason_words') }}

),

final as (

    select
        word,
        {{ normalise_reason('word') }} as normalised_word
    from reason_words
    where word is distinct from {{ normalise_reason('word') }}

)

select * from final
