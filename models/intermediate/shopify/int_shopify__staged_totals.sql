with

dispositions as (

    select * from {{ ref('int_shopify__row_dispositions') }}

),

final as (

    select
        record_type,
        sub_channel,
        record_type || ' ' || created_month as source_batch,
        count(*) as row_count,
        coalesce(sum(units), 0) as units,
        coalesce(sum(amount), 0) as amount,
        count(*) filter (where is_row_excluded) as excluded_row_count,
        coalesce(sum(excluded_units), 0) as excluded_units,
        coalesce(sum(excluded_amount), 0) as excluded_amount
    from dispositions
    group by record_type, sub_channel, created_month

)

select * from final
