with

fulfillments as (

    select * from {{ ref('stg_shopify__fulfillments') }}

),

-- Parcels that were taken back before they left, or never made, deliver nothing.
parcels as (

    select * from fulfillments
    where coalesce(status, 'SUCCESS') not in ('CANCELLED', 'ERROR', 'FAILURE', 'PENDING')

),

final as (

    select
        sub_channel,
        order_id,
        count(*) as parcels,
        max(delivered_at) filter (where delivered_at <= {{ as_of() }}) as delivered_at,
        -- FAILURE is no such word: it says that the tracking failed.
        (
            bool_and(coalesce(display_status, '') = 'NOT_DELIVERED')
            and max(delivered_at) is null
        ) as is_undelivered
    from parcels
    group by sub_channel, order_id

)

select * from final
