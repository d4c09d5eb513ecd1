-- The operational tables that the shipped SQL reads: a small shop. Runs on Postgres and on DuckDB.
-- Times are UTC. Amounts are whole subunits of the row's currency (fils, cents, yen), never signed.

create table customers (
    customer_id bigint primary key,
    full_name varchar,
    email varchar,
    phone varchar,
    country varchar(2),
    created_at timestamp not null,
    updated_at timestamp not null
);

create table products (
    product_id bigint primary key,
    sku varchar not null,
    product_name varchar not null,
    category varchar,
    brand varchar,
    updated_at timestamp not null
);

-- total_amount = items_amount - discount_amount + shipping_amount + tax_amount
create table orders (
    order_id bigint primary key,
    order_number varchar not null,
    customer_id bigint, -- null: a guest
    ordered_at timestamp not null,
    updated_at timestamp not null,
    delivered_at timestamp,
    cancelled_at timestamp,
    status varchar not null, -- placed, shipped, delivered, undelivered, cancelled
    is_test boolean not null,
    currency varchar(3) not null,
    items_amount bigint not null, -- before discount
    discount_amount bigint not null,
    shipping_amount bigint not null,
    tax_amount bigint not null,
    total_amount bigint not null
);

-- line_amount = unit_amount * quantity - discount_amount, cancelled units included
create table order_items (
    order_item_id bigint primary key,
    order_id bigint not null,
    product_id bigint,
    sku varchar not null,
    product_name varchar not null,
    quantity integer not null,
    cancelled_quantity integer not null,
    unit_amount bigint not null, -- before discount
    discount_amount bigint not null, -- of the whole line
    line_amount bigint not null,
    currency varchar(3) not null,
    status varchar not null, -- as in orders; a line can be cancelled alone
    is_gift_card boolean not null,
    updated_at timestamp not null
);

-- amount = the amounts of its items + shipping_amount; without items it is a refund of the order.
-- Its currency can be another than the order's.
create table refunds (
    refund_id bigint primary key,
    order_id bigint not null,
    customer_id bigint,
    requested_at timestamp not null,
    refunded_at timestamp, -- null: not paid yet
    updated_at timestamp not null,
    status varchar not null, -- requested, approved, refunded, declined, withdrawn
    -- return, refund_only, cancellation, undelivered, replacement, goodwill
    refund_type varchar not null,
    currency varchar(3) not null,
    amount bigint not null,
    shipping_amount bigint not null,
    reason varchar,
    note varchar
);

create table refund_items (
    refund_item_id bigint primary key,
    refund_id bigint not null,
    order_id bigint not null,
    order_item_id bigint not null,
    quantity integer not null,
    amount bigint not null,
    is_received boolean not null,
    received_at timestamp,
    reason varchar, -- null: as its refund
    updated_at timestamp not null
);

create index orders_updated_at on orders (updated_at);
create index order_items_updated_at on order_items (updated_at);
create index order_items_order_id on order_items (order_id);
create index refunds_updated_at on refunds (updated_at);
create index refunds_order_id on refunds (order_id);
create index refund_items_updated_at on refund_items (updated_at);
create index refund_items_order_id on refund_items (order_id);
create index customers_updated_at on customers (updated_at);
create index products_updated_at on products (updated_at);
