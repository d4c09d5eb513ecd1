with

order_lines as (

    select * from {{ ref('int_order_lines__unioned') }}

),

line_refs as (

    select
        order_item_key,
        order_key,
        'product:' || product_key as line_ref,
        line_ordinal,
        units_sold,
        sales_amount
    from order_lines
    where product_key is not null

    union all

    select
        order_item_key,
        order_key,
        'line:' || order_line_id as line_ref,
        line_ordinal,
        units_sold,
        sales_amount
    from order_lines
    where order_line_id is not null

),

-- Each line holds a stretch of the units that its order sold under that name.
lots as (

    select
        *,
        sum(units_sold) over named_line - units_sold as lot_from,
        sum(units_sold) over named_line as lot_to
    from line_refs
    window named_line as (
        partition by order_key, line_ref
        order by line_ordinal asc, order_item_key asc
        rows between unbounded preceding and current row
    )

)

select * from lots
