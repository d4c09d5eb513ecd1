-- A rate serves its own day and at most `max_rate_age_days` after it, or until the day that a peg
-- or a row of the owner states.
select
    currency,
    rate_date,
    published_date
from {{ ref('int_usd_rates__daily') }}
where
    rate_date < published_date
    or rate_date > stated_until
    or (
        rate_source != 'peg'
        and stated_until is null
        and date_diff('day', published_date, rate_date) > {{ var('max_rate_age_days') }}
    )
