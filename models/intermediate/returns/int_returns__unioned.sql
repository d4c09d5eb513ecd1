{{ config(materialized='table') }}

with

return_lines as (

    select * from {{ ref('int_marketplace__return_lines') }}
    union all by name
    select * from {{ ref('int_shopify__return_lines') }}
    union all by name
    select * from {{ ref('int_desertcart__return_lines') }}

),

order_lines as (

    select * from {{ ref('int_order_lines__unioned') }}

),

orders as (

    select
        order_key,
        min(user_key) as user_key
    from order_lines
    group by order_key

),

vocabularies as (

    select * from {{ ref('reason_vocabularies') }}
    where position = 1

),

-- Only a name that means one line of its order ties a return to that line.
single_lines as (

    select
        order_key,
        line_ref,
        min(order_item_key) as order_item_key
    from {{ ref('int_order_lines__named') }}
    group by order_key, line_ref
    having count(*) = 1

),

keyed as (

    select
        *,
        coalesce(return_id, order_id) as return_or_order_id,
        concat_ws(':', channel, sub_channel, order_id) as named_order_key,
        {{ product_key('sku', 'product_id') }} as product_key,
        {{ user_key('channel', 'sub_channel', 'buyer_id', 'buyer_email', 'buyer_phone') }}
            as named_user_key
    from return_lines

),

final as (

    select
        ---------- keys
        concat_ws(
            ':', keyed.channel, keyed.sub_channel, keyed.return_or_order_id,
            row_number() over (
                partition by keyed.channel, keyed.sub_channel, keyed.return_or_order_id
                order by keyed.version_number asc, keyed.row_number asc
            )
        ) as return_item_key,
        keyed.return_or_order_id as return_id,
        orders.order_key,
        coalesce(line_ids.order_item_key, products.order_item_key) as order_item_key,
        keyed.product_key,
        coalesce(keyed.named_user_key, orders.user_key) as user_key,

        ---------- attributes
        keyed.channel,
        keyed.sub_channel,
        keyed.order_id as reported_order_id,
        keyed.sku,
        keyed.return_state as return_status,
        keyed.refund_kind,
        {{ mask_contacts('keyed.raw_reason') }} as raw_reason,
        {{ mask_contacts('keyed.reason_note') }} as reason_note,
        coalesce(vocabularies.reason_vocabulary, 'any') as reason_vocabulary,
        keyed.source_batch,

        ---------- amounts
        coalesce(keyed.units_returned, 0) as units_returned,

        ---------- times
        coalesce(keyed.requested_at, keyed.received_at, keyed.refunded_at) as requested_at,
        keyed.received_at

    from keyed
    left join vocabularies
        on keyed.layout = vocabularies.layout
    left join orders
        on keyed.named_order_key = orders.order_key
    left join single_lines as line_ids
        on
            orders.order_key = line_ids.order_key
            and 'line:' || keyed.order_line_id = line_ids.line_ref
    left join single_lines as products
        on
            orders.order_key = products.order_key
            and 'product:' || keyed.product_key = products.line_ref

)

select * from final
