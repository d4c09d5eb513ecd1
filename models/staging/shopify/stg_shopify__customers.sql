with

source as (

    select * from {{ source('shopify', 'customers') }}

),

in_force as (

    select * from source
    qualify
        row_number() over (
            partition by store, customer_id
            order by _run_id desc, updated_at desc, _extracted_at desc
        ) = 1

),

renamed as (

    select
        ---------- keys
        lower(store) as sub_channel,
        customer_id,
        _run_id as run_id,

        ---------- attributes
        upper(nullif(trim(state), '')) as state,
        nullif(trim(display_name), '') as display_name,
        nullif(trim(first_name), '') as first_name,
        nullif(trim(last_name), '') as last_name,
        lower(nullif(trim(email), '')) as email,
        nullif(trim(phone), '') as phone,
        upper(nullif(trim(country), '')) as country,
        nullif(trim(address1), '') as address1,
        nullif(trim(city), '') as city,
        nullif(trim(zip), '') as postal_code,
        nullif(trim(tags), '') as tags,
        upper(nullif(trim(amount_spent_currency), '')) as amount_spent_currency,

        ---------- amounts
        {{ safe_cast('orders_count', 'bigint') }} as orders_count,
        {{ safe_cast('amount_spent', 'decimal(18, 4)') }} as amount_spent,

        ---------- times
        {{ utc_moment('created_at', "'UTC'") }} as created_at,
        {{ utc_moment('updated_at', "'UTC'") }} as updated_at

    from in_force

)

select * from renamed
