{#
    The name and address of an account as one text. Many share a first name, a tower or a town, so
    it takes a name of two words at an address with a number, its town or postal code and its country.
#}
with

shopify_customers as (

    select * from {{ ref('stg_shopify__customers') }}

),

spelled as (

    select
        concat_ws(':', 'shopify', sub_channel, customer_id) as user_key,
        {{ one_spelling("concat_ws(' ', first_name, last_name)") }} as name,
        {{ one_spelling('address1') }} as address,
        {{ one_spelling('coalesce(postal_code, city)') }} as place,
        country
    from shopify_customers
    where
        customer_id is not null
        and address1 is not null
        and country is not null

),

final as (

    select
        user_key,
        concat_ws('|', name, address, place, country) as name_and_address
    from spelled
    where
        contains(name, ' ')
        and regexp_matches(address, '[0-9]')
        and place is not null

)

select * from final
