with

order_lines as (

    select * from {{ ref('int_order_lines__unioned') }}
    where product_key is not null

),

refund_lines as (

    select * from {{ ref('int_refunds__converted') }}
    where product_key is not null

),

return_lines as (

    select * from {{ ref('int_returns__unioned') }}
    where product_key is not null

),

-- What came back was sold once, even where the sale lies before the data begins.
seen as (

    select
        product_key,
        sku,
        product_name,
        category,
        brand,
        channel,
        sub_channel,
        ordered_at,
        order_item_key
    from order_lines
    union all by name
    select
        product_key,
        sku,
        channel,
        sub_channel
    from refund_lines
    union all by name
    select
        product_key,
        sku,
        channel,
        sub_channel
    from return_lines

),

-- The latest name a product was sold under; ties are settled by the key so that builds repeat.
latest_attributes as (

    select
        product_key,
        max(sku) as sku,
        arg_max(product_name, (ordered_at, order_item_key)) filter (
            where product_name is not null
        ) as product_name,
        arg_max(category, (ordered_at, order_item_key)) filter (
            where category is not null
        ) as category,
        arg_max(brand, (ordered_at, order_item_key)) filter (
            where brand is not null
        ) as brand,
        string_agg(distinct sub_channel, ', ' order by sub_channel) as sub_channels,
        string_agg(distinct channel, ', ' order by channel) as channels
    from seen
    group by product_key

),

catalogue as (

    select * from {{ ref('int_desertcart__products') }}

),

-- What our own catalogue says of a SKU goes before what a channel calls it.
final as (

    select
        latest_attributes.product_key,
        latest_attributes.sku,
        coalesce(catalogue.product_name, latest_attributes.product_name) as product_name,
        coalesce(catalogue.category, latest_attributes.category) as category,
        coalesce(catalogue.brand, latest_attributes.brand) as brand,
        latest_attributes.sub_channels,
        latest_attributes.channels
    from latest_attributes
    left join catalogue
        on latest_attributes.product_key = catalogue.product_key

)

select * from final
