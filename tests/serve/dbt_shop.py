"""A dbt project of one model and one seed, on which real builds take seconds."""

from pathlib import Path

from handmade import make_workspace

from extract.runner import run_all
from serve.workspace import Workspace

PROJECT = """\
name: shop
version: 0.1.0
profile: shop
flags: {send_anonymous_usage_stats: false}
vars: {floor: 1}
models: {shop: {+materialized: table, +access: public}}
data_tests: {shop: {+store_failures: true, +schema: test_failures}}
"""
PROFILE = """\
shop:
  target: dev
  outputs:
    dev: {type: duckdb, path: "{{ env_var('BUILD_DATABASE') }}", schema: main, threads: 2}
"""
MODELS = """\
models:
  - name: orders
    description: Orders.
    columns:
      - name: order_key
        data_tests: [unique, not_null]
      - name: units_sold
        data_tests:
          - not_null: {config: {severity: warn}}
"""
GOOD = """\
select range as order_key, nullif(range % 3, 0) as units_sold, {{ var('floor') }} as floor,
    '{{ run_started_at.strftime("%Y-%m-%dT%H:%M:%S") }}' as now, '{{ env_var("RAW_DIR") }}' as raw
from range(6)
"""


def make_shop(folder: Path) -> Workspace:
    """Write the project, and land the empty run of every source."""
    marts = folder / "models" / "marts" / "core"
    marts.mkdir(parents=True)
    (folder / "dbt_project.yml").write_text(PROJECT)
    (folder / "profiles.yml").write_text(PROFILE)
    (marts / "orders.yml").write_text(MODELS)
    (marts / "orders.sql").write_text(GOOD)
    (folder / "seeds").mkdir()
    (folder / "seeds" / "places.csv").write_text("place,zone\nAE,GST\n")
    shop = make_workspace(folder)
    run_all(shop.settings)
    return shop
