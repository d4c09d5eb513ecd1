-- One row per product.
select
    cast(products.product_id as varchar) as product_id,
    products.sku,
    products.product_name,
    products.category,
    products.brand,
    replace(cast(products.updated_at as varchar), ' ', 'T') || 'Z' as updated_at,
    replace(cast(products.updated_at as varchar), ' ', 'T') || 'Z' as changed_at
from products
where
    products.updated_at >= cast({{since}} as timestamp)
    and products.updated_at < cast({{until}} as timestamp)
    and (products.updated_at, products.product_id)
    > (cast({{after_changed_at}} as timestamp), cast({{after_id}} as bigint))
order by products.updated_at, products.product_id
limit {{page_size}}
