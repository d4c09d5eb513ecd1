{#
    Probability of `hits` or more in `trials` when the rate is drawn from Beta(alpha, beta): the p
    value of a unit among peers that differ by themselves. The sum runs over the shorter side, each
    term from its neighbour. Exact but for rounding (within 1e-9 of scipy) while that side has up to
    20,000 terms; beyond it the share is taken as continuous, which errs by less than 1e-4. Held
    within 0 and 1. Arguments are column names or brackets; hits and trials whole numbers.
#}
{% macro beta_binomial_tail(hits, trials, alpha, beta) -%}
    {%- set upward = "(" ~ trials ~ " - k) * (k + " ~ alpha ~ ") / ((k + 1.0) * ("
        ~ trials ~ " - k - 1 + " ~ beta ~ "))" -%}
    {%- set downward = "k * (" ~ trials ~ " - k + " ~ beta ~ ") / (("
        ~ trials ~ " - k + 1.0) * (k - 1 + " ~ alpha ~ "))" -%}
    case
        when {{ hits }} <= 0 then 1.0
        when {{ hits }} > {{ trials }} then 0.0
        when least({{ hits }}, {{ trials }} - {{ hits }}) > 20000
            then {{ beta_tail("((" ~ hits ~ " - 0.5) / " ~ trials ~ ")", alpha, beta) }}
        when {{ trials }} - {{ hits }} <= {{ hits }} or {{ trials }} <= 200
            then least(1.0, {{ beta_binomial_mass(hits, trials, alpha, beta) }} * {{ fold(
                trials ~ " - 1", hits, upward, "1 + acc * term", descending=true
            ) }})
        else least(1.0, greatest(0.0,
            1 - {{ beta_binomial_mass("(" ~ hits ~ " - 1)", trials, alpha, beta) }} * {{ fold(
                1, hits ~ " - 1", downward, "1 + acc * term"
            ) }}
        ))
    end
{%- endmacro %}
