-- Draw k (0 to 7) of a hash: a whole number in [0, 65536). `draws.draws` is the same in Python.
create or replace macro draw(h, k) as
    cast((h >> cast(16 * k as uhugeint)) & cast(65535 as uhugeint) as bigint);

-- An amount in the smallest unit of its currency, as a plain decimal text.
create or replace macro money_text(minor, decimals) as
    case decimals
        when 2 then cast(cast(minor as decimal(16, 0)) * 0.01::decimal(3, 2) as varchar)
        when 3 then cast(cast(minor as decimal(15, 0)) * 0.001::decimal(4, 3) as varchar)
        else cast(minor as varchar)
    end;

-- 2026-02-01T10:00:00
create or replace macro iso_text(moment) as strftime(moment, '%Y-%m-%dT%H:%M:%S');

-- British local time of a UTC moment within the company's year.
create or replace macro london_time(moment) as
    case
        when moment >= timestamp '2026-03-29 01:00:00' and moment < timestamp '2026-10-25 01:00:00'
            then moment + interval 1 hour
        else moment
    end;

-- A customer's number with leading noughts. lpad alone would cut long ones.
create or replace macro customer_digits(customer_no, width) as
    lpad(
        cast(customer_no as varchar),
        cast(greatest(width, length(cast(customer_no as varchar))) as integer),
        '0'
    );

-- The address at which a made-up customer is reached. example.com and example.net are reserved.
create or replace macro customer_name(customer_no) as
    concat('Customer ', customer_digits(customer_no, 5));

create or replace macro customer_email(customer_no, prefix, domain) as
    concat(prefix, '.', customer_digits(customer_no, 5), '@example.', domain);

-- A cell of comma-separated text.
create or replace macro csv_cell(cell) as
    case
        when contains(cell, ',') or contains(cell, '"')
            then concat('"', replace(cell, '"', '""'), '"')
        else coalesce(cell, '')
    end;
