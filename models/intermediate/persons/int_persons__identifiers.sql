{{ config(materialized='table') }}

with

order_lines as (

    select * from {{ ref('int_order_lines__unioned') }}
    where user_key is not null

),

phone_regions as (

    select * from {{ ref('phone_regions') }}

),

addresses as (

    select * from {{ ref('int_persons__addresses') }}

),

accounts as (

    select distinct user_key from order_lines

),

emails as (

    select distinct
        user_key,
        {{ normalised_email('buyer_email') }} as email
    from order_lines

),

phones as (

    select distinct
        user_key,
        sub_channel,
        buyer_phone,
        right(regexp_replace(buyer_phone, '[^0-9]', '', 'g'), 7) as last_digits
    from order_lines
    where buyer_phone is not null

),

-- However a number is written, its last digits stay: only where two accounts share them is it worth
-- reading in full, which takes the library some fifty microseconds a number.
shared_digits as (

    select last_digits
    from phones
    where length(last_digits) = 7
    group by last_digits
    having count(distinct user_key) > 1

),

numbers as (

    select
        phones.user_key,
        {{ e164_phone('phones.buyer_phone', 'phone_regions.region') }} as phone
    from phones
    inner join shared_digits
        on phones.last_digits = shared_digits.last_digits
    left join phone_regions
        on phones.sub_channel = phone_regions.sub_channel

),

identifiers as (

    select
        user_key,
        'email' as identifier_kind,
        email as identifier
    from emails
    where email is not null

    union

    select
        user_key,
        'phone' as identifier_kind,
        phone as identifier
    from numbers
    where phone is not null

    union

    select
        accounts.user_key,
        'name_and_address' as identifier_kind,
        addresses.name_and_address as identifier
    from accounts
    inner join addresses
        on accounts.user_key = addresses.user_key

),

final as (

    select
        user_key,
        identifier_kind,
        {{ hash_identifier('identifier') }} as identifier_hash,
        count(*) over (partition by identifier_kind, identifier) as accounts_with_identifier
    from identifiers

)

select * from final
