-- Every parent's shares are a whole, and each mart holds the units and dollars of refund_items.
with

counted as (

    select
        'refund_reasons' as mart,
        concat_ws(':', channel, sub_channel) as parent,
        units_refunded,
        refund_usd,
        refund_share
    from {{ ref('refund_reasons') }}
    union all
    select
        'reason_by_product' as mart,
        product_key as parent,
        units_refunded,
        refund_usd,
        refund_share
    from {{ ref('reason_by_product') }}
    union all
    select
        'reason_by_category' as mart,
        category as parent,
        units_refunded,
        refund_usd,
        refund_share
    from {{ ref('reason_by_category') }}
    union all
    select
        'reason_by_month' as mart,
        concat_ws(':', channel, sub_channel, refund_month) as parent,
        units_refunded,
        refund_usd_at_refund_date as refund_usd,
        refund_share
    from {{ ref('reason_by_month') }}

),

refund_items as (

    select * from {{ ref('refund_items') }}
    where is_in_refund_rate

),

expected as (

    select
        sum(units_refunded) as units,
        sum(units_refunded) filter (where product_key is not null) as units_of_products,
        sum(refund_usd) as usd,
        sum(refund_usd) filter (where product_key is not null) as usd_of_products,
        sum(refund_usd_at_refund_date) as usd_at_refund_date
    from refund_items

),

broken_shares as (

    select
        mart,
        parent,
        sum(refund_share) as found,
        1 as wanted
    from counted
    group by mart, parent
    having sum(units_refunded) > 0 and abs(sum(refund_share) - 1) > 1e-9

),

totals as (

    select
        mart,
        sum(units_refunded) as units,
        sum(refund_usd) as usd
    from counted
    group by mart

),

broken_totals as (

    select
        totals.mart,
        'units' as parent,
        totals.units as found,
        if(
            totals.mart = 'reason_by_product', expected.units_of_products, expected.units
        ) as wanted
    from totals
    cross join expected
    union all
    select
        totals.mart,
        'usd' as parent,
        totals.usd as found,
        case totals.mart
            when 'reason_by_product' then expected.usd_of_products
            when 'reason_by_month' then expected.usd_at_refund_date
            else expected.usd
        end as wanted
    from totals
    cross join expected

),

final as (

    select * from broken_shares
    union all
    select * from broken_totals
    where found is distinct from wanted

)

select * from final
