with

order_lines as (

    select * from {{ ref('int_order_lines__unioned') }}
    where user_key is not null

),

final as (

    select
        ---------- keys
        user_key,
        {{ hash_identifier('min(buyer_email)') }} as email_hash,
        {{ hash_identifier('min(buyer_phone)') }} as phone_hash,

        ---------- attributes
        min(channel) as channel,
        min(sub_channel) as sub_channel,

        ---------- amounts
        count(distinct order_key) as orders_count,

        ---------- times
        min(ordered_at) as first_ordered_at,
        max(ordered_at) as last_ordered_at

    from order_lines
    group by user_key

)

select * from final
