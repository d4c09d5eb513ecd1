{{ config(materialized='table') }}

with

order_lines as (

    select * from {{ ref('stg_shopify__order_lines') }}

),

exchanged_lines as (

    select * from {{ ref('int_shopify__exchanged_lines') }}

),

tip_titles as (

    select * from {{ ref('shopify_tip_titles') }}

),

patterns as (

    select * from {{ ref('non_product_skus') }}

),

sold_skus as (

    select distinct
        sub_channel,
        sku
    from order_lines
    where sku is not null

),

-- The pattern of the shop itself goes before one for any.
sku_classes as (

    select
        sold_skus.sub_channel,
        sold_skus.sku,
        patterns.line_class
    from sold_skus
    inner join patterns
        on
            patterns.sub_channel in (sold_skus.sub_channel, 'any')
            and regexp_full_match(sold_skus.sku, upper(patterns.sku_pattern))
    qualify
        row_number() over (
            partition by sold_skus.sub_channel, sold_skus.sku
            order by patterns.sub_channel = 'any' asc, patterns.sku_pattern asc
        ) = 1

),

final as (

    select
        ---------- keys
        order_lines.sub_channel,
        order_lines.order_id,
        order_lines.order_line_id,
        order_lines.sku,
        -- What is sold is a variant; a custom line has neither number.
        coalesce(order_lines.variant_id, order_lines.product_id) as product_id,
        exchanged_lines.replaced_order_line_id,

        ---------- attributes
        case
            when order_lines.is_gift_card then 'gift_card'
            when tip_titles.title_key is not null then 'tip'
            when exchanged_lines.order_line_id is not null then 'exchange'
            else coalesce(sku_classes.line_class, 'product')
        end as line_class

    from order_lines
    left join exchanged_lines
        on
            order_lines.sub_channel = exchanged_lines.sub_channel
            and order_lines.order_id = exchanged_lines.order_id
            and order_lines.order_line_id = exchanged_lines.order_line_id
    -- A product may be called so, too: a tip has no product and is not shipped.
    left join tip_titles
        on
            order_lines.product_id is null
            and order_lines.sku is null
            and not order_lines.requires_shipping
            and lower(order_lines.title) = tip_titles.title_key
    left join sku_classes
        on
            order_lines.sub_channel = sku_classes.sub_channel
            and order_lines.sku = sku_classes.sku

)

select * from final
