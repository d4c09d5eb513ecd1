-- Order lines that an exchange added to its order, with the line that they stand in for.
with

exchange_lines as (

    select * from {{ ref('stg_shopify__exchange_lines') }}

),

returns as (

    select * from {{ ref('stg_shopify__returns') }}

),

return_lines as (

    select * from {{ ref('stg_shopify__return_lines') }}

),

-- Only a return of one order line says which line the new one stands in for.
returned_lines as (

    select
        sub_channel,
        order_id,
        return_id,
        case when count(distinct order_line_id) = 1 then min(order_line_id) end as order_line_id
    from return_lines
    group by sub_channel, order_id, return_id

),

added_lines as (

    select
        sub_channel,
        order_id,
        return_id,
        unnest(
            cast({{ safe_cast('order_line_ids', 'json') }} as varchar[])
        ) as order_line_id
    from exchange_lines

),

final as (

    select
        added_lines.sub_channel,
        added_lines.order_id,
        added_lines.order_line_id,
        min(added_lines.return_id) as return_id,
        min(returned_lines.order_line_id) as replaced_order_line_id
    from added_lines
    inner join returns
        on
            added_lines.sub_channel = returns.sub_channel
            and added_lines.order_id = returns.order_id
            and added_lines.return_id = returns.return_id
    left join returned_lines
        on
            added_lines.sub_channel = returned_lines.sub_channel
            and added_lines.order_id = returned_lines.order_id
            and added_lines.return_id = returned_lines.return_id
    group by added_lines.sub_channel, added_lines.order_id, added_lines.order_line_id

)

select * from final
