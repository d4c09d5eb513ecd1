-- normalise(normalise(x)) = normalise(x), over every reason that we hold.
with

reason_keys as (

    select reason_key from {{ ref('int_reasons__keyed') }}
    union
    select reason_key from {{ ref('int_reasons__known') }}

),

final as (

    select
        reason_key,
        {{ normalise_reason('reason_key') }} as normalised_again
    from reason_keys
    where reason_key is distinct from {{ normalise_reason('reason_key') }}

)

select * from final
