with

links as (

    select * from {{ ref('int_persons__links') }}

),

users as (

    select * from {{ ref('users') }}

),

final as (

    select
        links.person_key,
        links.user_key,
        users.channel,
        users.sub_channel,
        links.identifier_kind,
        links.identifier_hash,
        links.accounts_with_identifier
    from links
    inner join users
        on links.user_key = users.user_key

)

select * from final
