with

order_lines as (

    select * from {{ ref('int_order_lines__unioned') }}
    where user_key is not null

),

final as (

    select
        user_key,
        arg_max(buyer_name, (ordered_at, order_item_key)) filter (
            where buyer_name is not null
        ) as name,
        arg_max(buyer_email, (ordered_at, order_item_key)) filter (
            where buyer_email is not null
        ) as email,
        arg_max(buyer_phone, (ordered_at, order_item_key)) filter (
            where buyer_phone is not null
        ) as phone
    from order_lines
    group by user_key

)

select * from final
