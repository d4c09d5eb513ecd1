-- What standing returns say of an order line, once for each return and once (return_id null) for
-- all of them together. A line's reason without its return is only known if there is one.
with

return_lines as (

    select * from {{ ref('int_shopify__return_lines_classified') }}
    where is_standing and order_line_id is not null

),

final as (

    select
        sub_channel,
        order_id,
        order_line_id,
        return_id,
        case
            when return_id is not null or count(distinct return_id) = 1
                then arg_min(raw_reason, return_line_id)
        end as raw_reason,
        case
            when return_id is not null or count(distinct return_id) = 1
                then arg_min(layout, return_line_id)
        end as layout,
        sum(units_processed) as units_processed
    from return_lines
    group by
        grouping sets (
            (sub_channel, order_id, order_line_id, return_id),
            (sub_channel, order_id, order_line_id)
        )

)

select * from final
