-- Customers of Oman were all touched by one batch job at midnight: one moment for a page's worth of
-- rows and more, which a page that goes by the moment alone would lose.
insert into shop.customers
select
    customer_no + 1 as customer_id,
    customer_name(customer_no) as full_name,
    customer_email(customer_no, 'client', 'org') as email,
    -- No country has +999.
    concat('+999 ', customer_digits(customer_no, 7)) as phone,
    arg_min(country, first_ordered_at) as country,
    min(first_ordered_at) - interval 5 minute as created_at,
    case
        when arg_min(country, first_ordered_at) = 'OM' then timestamp '2026-10-15 00:00:00'
        else max(last_ordered_at)
    end as updated_at
from seen_customers
group by customer_no
order by customer_no;

insert into shop.products
select
    product_no + 1 as product_id,
    sku,
    product_name,
    category,
    brand,
    timestamp '2025-10-30 00:00:00' + to_hours(product_no % 7) as updated_at
from products
order by product_no
