-- Noon sales: one row a unit, Gulf time without a zone.
with

units as (
    select *, unnest(range(quantity)) as unit
    from written_lines
)

select
    strftime(ordered_at + interval 4 hours, '%Y-%m') as _month,
    ordered_at as _sort1,
    number as _sort2,
    line_no * 10 + unit as _sort3,
    '45127' as id_partner,
    'AE' as src_country,
    country as country_code,
    country as dest_country,
    concat(order_id, '-', (line_no - 1) * 5 + unit + 1) as item_nr,
    sku as partner_sku,
    concat('N', 50000000 + product_no * 97, 'A') as sku,
    case
        when line_state = 'cancelled' then 'Cancelled'
        when line_state = 'pending' then 'Processing'
        when line_state = 'delivered' then 'Delivered'
        when line_state = 'undelivered' and would_arrive_at <= getvariable('as_of')
            then 'Could Not Be Delivered'
        else 'Shipped'
    end as status,
    money_text(unit_minor, decimals) as offer_price,
    money_text(unit_minor, decimals) as gmv_lcy,
    currency as currency_code,
    lower(replace(brand, ' ', '_')) as brand_code,
    category as family,
    case when digits % 2 = 0 then 'FBN' else 'FBP' end as fulfillment_model,
    iso_text(ordered_at + interval 4 hours) as order_timestamp,
    iso_text(shipped_at + interval 4 hours) as shipment_timestamp,
    iso_text(delivered_at + interval 4 hours) as delivered_timestamp
from units
