-- A published rate serves its own day and at most `max_rate_age_days` after it.
select
    currency,
    rate_date,
    published_date
from {{ ref('int_usd_rates__daily') }}
where
    rate_date < published_date
    or (
        rate_source = 'ecb'
        and date_diff('day', published_date, rate_date) > {{ var('max_rate_age_days') }}
    )
