with

customers as (

    select * from {{ ref('int_fraud__customers') }}

),

persons as (

    select
        *,
        {{ rate('orders_with_return', 'orders') }} as person_return_rate
    from {{ ref('int_fraud__persons') }}

),

accounts as (

    select * from {{ ref('int_fraud__accounts') }}

),

links as (

    select
        user_key,
        string_agg(distinct identifier_kind, ', ' order by identifier_kind) as linked_by
    from {{ ref('person_links') }}
    group by user_key

),

final as (

    select
        ---------- keys
        customers.user_key,
        customers.person_key,

        ---------- attributes
        customers.channel,
        customers.sub_channel,
        substr(customers.user_key, length(customers.channel || customers.sub_channel) + 3)
            as customer_id,
        links.linked_by,
        accounts.tags,
        {{ fraud_flags() }} as flags,
        {{ fraud_why() }} as why,

        ---------- what the rules look at: of this account
        customers.orders,
        customers.orders_with_return,
        customers.returns_count,
        customers.wardrobed_orders,
        {{ rate('customers.orders_with_return', 'customers.orders') }} as return_rate,
        customers.is_high_return_rate,
        customers.is_wardrobing,
        customers.is_serial_returner,
        customers.orders_without_delivery,
        customers.orders_excused,
        customers.units_sold,
        customers.units_returned,

        ---------- and of all accounts of the person
        persons.accounts_count as person_accounts,
        persons.orders as person_orders,
        persons.orders_with_return as person_orders_with_return,
        persons.returns_count as person_returns_count,
        persons.wardrobed_orders as person_wardrobed_orders,
        persons.person_return_rate,
        persons.is_high_return_rate as person_is_high_return_rate,
        persons.is_wardrobing as person_is_wardrobing,
        persons.is_serial_returner as person_is_serial_returner,

        ---------- the person against others who bought the same
        persons.orders_held as person_orders_held,
        persons.expected_orders_held as person_expected_orders_held,
        persons.excess_orders_held as person_excess_orders_held,
        persons.eb_rate as eb_held_return_rate,
        persons.median_rate as median_held_return_rate,
        persons.lift,
        persons.p_value,
        persons.q_value,
        persons.probability_above_peers,
        persons.probability_above_twice_peers,

        ---------- score
        persons.points_for_rate,
        persons.points_for_excess,
        persons.points_for_rules,
        persons.points_for_wardrobing,
        persons.points_for_accounts,
        persons.risk_score,

        customers.sales_usd,
        customers.refund_usd,
        cast(accounts.lifetime_spend as decimal(18, 4)) as lifetime_spend,
        accounts.lifetime_spend_currency,

        ---------- flags
        persons.is_abnormal,
        {{ fraud_flags() }} != '' as is_candidate,

        ---------- times
        customers.first_ordered_at,
        customers.last_ordered_at,
        customers.last_return_at

    from customers
    inner join persons
        on customers.person_key = persons.person_key
    left join accounts
        on customers.user_key = accounts.user_key
    left join links
        on customers.user_key = links.user_key

)

select * from final
