with

order_lines as (

    select * from {{ ref('int_order_lines__unioned') }}
    where user_key is not null

),

links as (

    select
        user_key,
        min(person_key) as person_key
    from {{ ref('int_persons__links') }}
    group by user_key

),

customers as (

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

),

final as (

    select
        customers.*,
        coalesce(links.person_key, {{ person_key('customers.user_key') }}) as person_key
    from customers
    left join links
        on customers.user_key = links.user_key

)

select * from final
