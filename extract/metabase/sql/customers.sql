-- One row per customer.
select
    cast(customers.customer_id as varchar) as customer_id,
    customers.full_name,
    customers.email,
    customers.phone,
    customers.country,
    replace(cast(customers.created_at as varchar), ' ', 'T') || 'Z' as created_at,
    replace(cast(customers.updated_at as varchar), ' ', 'T') || 'Z' as updated_at,
    replace(cast(customers.updated_at as varchar), ' ', 'T') || 'Z' as changed_at
from customers
where
    customers.updated_at >= cast({{since}} as timestamp)
    and customers.updated_at < cast({{until}} as timestamp)
    and (customers.updated_at, customers.customer_id)
    > (cast({{after_changed_at}} as timestamp), cast({{after_id}} as bigint))
order by customers.updated_at, customers.customer_id
limit {{page_size}}
