-- FBA customer returns: one row a unit received by Amazon's warehouse, UTC. No money.
with

returned_units as (
    select *, unnest(range(units)) as unit
    from written_returns
    where is_platform_fulfilled
)

select
    strftime(received_at, '%Y-%m') as _month,
    received_at as _sort1,
    return_digits as _sort2,
    return_no * 10 + unit as _sort3,
    iso_text(received_at) || '+00:00' as "return-date",
    order_id as "order-id",
    sku,
    concat('B0', to_base(product_no * 48271 + 1679616 * 20, 36, 8)) as asin,
    concat('X0', to_base(product_no * 69621 + 1679616 * 20, 36, 8)) as fnsku,
    product_name as "product-name",
    '1' as quantity,
    case getvariable('sub_channel') when 'amazon_in' then 'DEL4' else 'DXB3' end
        as "fulfillment-center-id",
    case
        when reason = 'damaged' then 'CARRIER_DAMAGED'
        when reason in ('defective', 'quality') then 'DEFECTIVE'
        when extra_draw % 6 = 0 then 'CUSTOMER_DAMAGED'
        else 'SELLABLE'
    end as "detailed-disposition",
    raw_reason as reason,
    case
        when extra_draw % 12 = 0 then 'IMMEDIATE_DONATION'
        else 'Unit returned to inventory'
    end as status,
    concat('LPN', to_base(return_digits * 100 + return_no * 10 + unit, 36, 10))
        as "license-plate-number",
    case when reason = 'defective' and extra_draw % 3 = 0 then 'stopped working' end
        as "customer-comments"
from returned_units
