{# Probability of exactly `hits` in `trials` when the rate is drawn from Beta(alpha, beta). #}
{% macro beta_binomial_mass(hits, trials, alpha, beta) -%}
    exp(
        {{ log_beta("(" ~ hits ~ " + " ~ alpha ~ ")",
                    "(" ~ trials ~ " - " ~ hits ~ " + " ~ beta ~ ")") }}
        - {{ log_beta(alpha, beta) }}
        - {{ log_beta("(" ~ hits ~ " + 1)", "(" ~ trials ~ " - " ~ hits ~ " + 1)") }}
        - ln({{ trials }} + 1)
    )
{%- endmacro %}
