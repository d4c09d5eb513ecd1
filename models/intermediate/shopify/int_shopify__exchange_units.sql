-- Units that a return was exchanged for. One that was paid back in the end was not.
with

exchanged_lines as (

    select * from {{ ref('int_shopify__exchanged_lines') }}

),

order_lines as (

    select * from {{ ref('stg_shopify__order_lines') }}

),

refund_lines as (

    select * from {{ ref('stg_shopify__refund_lines') }}

),

given_back as (

    select
        sub_channel,
        order_id,
        order_line_id,
        sum(quantity) as units
    from refund_lines
    group by sub_channel, order_id, order_line_id

),

final as (

    select
        exchanged_lines.sub_channel,
        exchanged_lines.order_id,
        exchanged_lines.return_id,
        sum(greatest(order_lines.quantity - coalesce(given_back.units, 0), 0)) as units_exchanged
    from exchanged_lines
    inner join order_lines
        on
            exchanged_lines.sub_channel = order_lines.sub_channel
            and exchanged_lines.order_id = order_lines.order_id
            and exchanged_lines.order_line_id = order_lines.order_line_id
    left join given_back
        on
            exchanged_lines.sub_channel = given_back.sub_channel
            and exchanged_lines.order_id = given_back.order_id
            and exchanged_lines.order_line_id = given_back.order_line_id
    group by exchanged_lines.sub_channel, exchanged_lines.order_id, exchanged_lines.return_id

)

select * from final
