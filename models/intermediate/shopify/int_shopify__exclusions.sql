with

dispositions as (

    select * from {{ ref('int_shopify__row_dispositions') }}
    where excluded_reason is not null

),

final as (

    select
        'core' as left_out_of,
        'shopify' as channel,
        sub_channel,
        record_type,
        excluded_reason,
        currency,
        count(*) as row_count,
        sum(excluded_units) as units,
        sum(excluded_amount) as amount
    from dispositions
    group by sub_channel, record_type, excluded_reason, currency

)

select * from final
