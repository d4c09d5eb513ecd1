with

customers as (

    select * exclude (is_candidate) from {{ ref('fraud_customers') }}
    where is_candidate

),

returned_orders as (

    select * from {{ ref('int_fraud__orders') }}
    where has_return

),

-- What a reviewer opens first: the orders, and how soon after delivery they were asked back.
evidence as (

    select
        returned_orders.user_key,
        string_agg(
            concat(
                returned_orders.order_name,
                strftime(returned_orders.ordered_at, ' of %Y-%m-%d'),
                coalesce(strftime(returned_orders.last_requested_at, ', asked back %Y-%m-%d'), ''),
                case when returned_orders.is_wardrobed then ' (whole)' else '' end,
                case when returned_orders.is_excused then ' (not held)' else '' end
            ),
            '; ' order by returned_orders.ordered_at desc, returned_orders.order_key asc
        ) as evidence
    from returned_orders
    inner join customers
        on returned_orders.user_key = customers.user_key
    group by returned_orders.user_key

),

final as (

    select
        ---------- rank
        row_number() over (
            order by
                customers.risk_score desc,
                customers.person_excess_orders_held desc,
                customers.person_key asc,
                customers.orders_with_return desc,
                customers.user_key asc
        ) as risk_rank,
        customers.*,
        coalesce(evidence.evidence, '') as evidence,
        {{ as_of() }} - interval '{{ var("days_back") }} days' as evaluated_since,
        {{ as_of() }} as evaluated_until
    from customers
    left join evidence
        on customers.user_key = evidence.user_key

)

select * from final
