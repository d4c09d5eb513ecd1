# The front door. `make` alone lists every command; each does its own set-up.
SHELL := /bin/sh
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PIP_INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes

# Groups of tests in the order of tests/conftest.py, not those with the most tests first.
PYTEST := $(BIN)/python -m pytest --numprocesses 2 --dist loadgroup --no-loadscope-reorder

RUN_READY := $(VENV)/.installed-run
DEV_READY := $(VENV)/.installed-dev
DASHBOARD_READY := $(VENV)/.installed-dashboard
UV_VERSION := 0.13.9
# A value of the command line as one word of the shell, whatever quotes are in it.
quoted = '$(subst ','\'',$(1))'
COMPILE := .venv-lock/bin/uv pip compile --quiet --generate-hashes --universal --python-version 3.11 \
	--no-header --no-annotate

.PHONY: help setup run extract build publish summary fraud-report resolve dashboard \
	dashboard-static docs freshness test test-long test-duckdb2 validate-ranking calibrate bench \
	lint format lock clean

help:  ## List the commands
	@awk 'BEGIN {FS = ":.*## "} /^[a-z0-9-]+:.*## / {printf "  make %-17s %s\n", $$1, $$2}' Makefile

setup: $(RUN_READY)  ## Install what `make run` needs into .venv

run: $(RUN_READY)  ## Extract, build, test and publish; without configuration, the demo company
	@$(BIN)/python -m serve run $(if $(DRY_RUN),--dry-run) $(if $(AS_OF),--as-of $(call quoted,$(AS_OF))) $(if $(VARS),--vars $(call quoted,$(VARS))) $(if $(FORCE),--force)

extract: $(RUN_READY)  ## Land raw data: SOURCE=all|marketplace|shopify|metabase|rates, DRY_RUN=1 to look only
	@$(BIN)/python -m extract $(or $(SOURCE),all) $(if $(DRY_RUN),--dry-run) $(if $(SKIP_UNKNOWN),--skip-unknown) $(if $(API),--api $(API)) $(if $(ALLOW_PARTIAL),--allow-partial)

build: $(RUN_READY)  ## Build and test the models on what has landed: VARS='{min_product_units: 5}'
	@$(BIN)/python -m serve build $(if $(AS_OF),--as-of $(call quoted,$(AS_OF))) $(if $(VARS),--vars $(call quoted,$(VARS)))

publish: $(RUN_READY)  ## Publish the last build if all of it passed
	@$(BIN)/python -m serve publish $(if $(FORCE),--force)

summary: $(RUN_READY)  ## Show the last publication: rows, rejects, KPIs, top products and reasons
	@$(BIN)/python -m serve summary

fraud-report: $(RUN_READY)  ## Candidates for review: FORMAT=human|json STORE= DAYS_BACK= MIN_ORDERS= FROM_WAREHOUSE=1 ...
	@$(BIN)/python -m serve fraud-report $(if $(FORMAT),--format $(FORMAT)) $(if $(STORE),--store $(call quoted,$(STORE))) \
		$(if $(DAYS_BACK),--days-back $(DAYS_BACK)) $(if $(MIN_ORDERS),--min-orders $(MIN_ORDERS)) \
		$(if $(RETURN_RATE_THRESHOLD),--return-rate-threshold $(RETURN_RATE_THRESHOLD)) \
		$(if $(WARDROBING_WINDOW_DAYS),--wardrobing-window-days $(WARDROBING_WINDOW_DAYS)) \
		$(if $(SERIAL_THRESHOLD),--serial-threshold $(SERIAL_THRESHOLD)) $(if $(FROM_WAREHOUSE),--from-warehouse)

resolve: $(RUN_READY)  ## Resolve an order: ORDER= REASON= [COMMENT= EXPIRES=]; without ORDER, list the queue
	@$(BIN)/python -m serve resolve $(if $(ORDER),--order $(call quoted,$(ORDER)),--list) \
		$(if $(REASON),--reason $(call quoted,$(REASON))) $(if $(COMMENT),--comment $(call quoted,$(COMMENT))) \
		$(if $(EXPIRES),--expires $(call quoted,$(EXPIRES)))

dashboard: $(DASHBOARD_READY)  ## Open the live pages on 127.0.0.1: ADDRESS=, PORT=
	@$(BIN)/python -m serve dashboard $(if $(ADDRESS),--address $(call quoted,$(ADDRESS))) $(if $(PORT),--port $(call quoted,$(PORT)))

dashboard-static: $(RUN_READY)  ## Write the read-only views as HTML files that need no network
	@$(BIN)/python -m serve dashboard-static

docs: $(RUN_READY)  ## Write target/static_index.html: every model, column, test and the lineage
	@$(BIN)/python -m serve dbt docs generate --static

freshness: $(RUN_READY)  ## Check how old the landed data is
	@$(BIN)/python -m serve dbt source freshness

test: $(DEV_READY) lint  ## Run every check: linters, pytest, and dbt's tests on the demo company
	@$(PYTEST) -m "not long"

test-long: $(DEV_READY)  ## Run the checks that build whole companies again and again, and a real browser
	@$(PYTEST) -m long

test-duckdb2: .venv-duckdb2/.installed-duckdb2  ## Run the same checks on DuckDB 2.0
	@$(MAKE) test VENV=.venv-duckdb2

validate-ranking: $(DEV_READY)  ## Hold the rankings against real later months; needs SHARED_DATA_DIR
	@$(BIN)/python -m bench.validate_ranking

calibrate: $(DEV_READY)  ## Count false alarms on 20 made-up companies with nothing planted (long)
	@CALM_COMPANIES=20 $(BIN)/python -m pytest -s tests/warehouse/test_scores_calm_companies.py

bench: $(DEV_READY)  ## Measure time and memory beside their limits: ORDERS=1000000 CUSTOMERS= LINES=50000000 (long) PAGE_LINES=10000000
	@status=0; $(BIN)/python -m bench.shopify_extract $(if $(ORDERS),--orders $(ORDERS)) || status=1; \
		$(BIN)/python -m bench.fraud_speed $(if $(CUSTOMERS),--customers $(CUSTOMERS)) || status=1; \
		$(BIN)/python -m bench.analytics_marts $(if $(LINES),--lines $(LINES)) || status=1; \
		$(BIN)/python -m bench.dashboard_speed --lines $(or $(PAGE_LINES),1000000) || status=1; exit $$status

lint: $(DEV_READY)  ## Check style and types: ruff, mypy, yamllint, sqlfluff
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --quiet --check .
	@$(BIN)/mypy --no-error-summary
	@$(BIN)/yamllint --strict .
	@$(BIN)/sqlfluff lint --disable-progress-bar models tests/assertions

format: $(DEV_READY)  ## Rewrite Python and SQL in the house style
	@$(BIN)/ruff check --quiet --fix . ; $(BIN)/ruff format --quiet .
	@$(BIN)/sqlfluff fix --disable-progress-bar models tests/assertions

lock: .venv-lock/bin/uv  ## Pin the dependencies of pyproject.toml anew
	@$(COMPILE) pyproject.toml --output-file requirements.txt
	@$(COMPILE) pyproject.toml --extra dashboard --constraints requirements.txt --output-file requirements-dashboard.txt
	@$(COMPILE) pyproject.toml --extra dashboard --extra dev --constraints requirements-dashboard.txt --output-file requirements-dev.txt
	@echo 'duckdb==2.0.0' | $(COMPILE) - --output-file requirements-duckdb2.txt

clean:  ## Remove what can be made again: environments, target, logs, the demo; never data/raw
	@rm -rf .venv .venv-duckdb2 .venv-lock target logs data/demo .mypy_cache .pytest_cache .ruff_cache

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 or newer is needed: make PYTHON=/path/to/python3.11 ..." >&2; exit 2; }
	@echo "Creating $(VENV) ..." >&2
	@$(PYTHON) -m venv $(VENV) || { echo "python3 -m venv failed: on Debian, apt-get install python3-venv" >&2; exit 2; }

$(RUN_READY): requirements.txt | $(VENV)/bin/python
	@echo "Installing into $(VENV) (once, about half a minute) ..." >&2
	@$(PIP_INSTALL) -r requirements.txt
	@touch $@

$(DASHBOARD_READY): requirements-dashboard.txt | $(VENV)/bin/python
	@echo "Installing the live pages into $(VENV) (once) ..." >&2
	@$(PIP_INSTALL) -r requirements-dashboard.txt
	@touch $@ $(RUN_READY)

$(DEV_READY): requirements-dev.txt | $(VENV)/bin/python
	@echo "Installing the tools for tests into $(VENV) (once) ..." >&2
	@$(PIP_INSTALL) -r requirements-dev.txt
	@touch $@ $(RUN_READY) $(DASHBOARD_READY)

.venv-duckdb2/.installed-duckdb2: requirements-dev.txt requirements-duckdb2.txt
	@$(MAKE) .venv-duckdb2/.installed-dev VENV=.venv-duckdb2
	@.venv-duckdb2/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-duckdb2.txt
	@touch $@

.venv-lock/bin/uv:
	@$(PYTHON) -m venv .venv-lock && .venv-lock/bin/python -m pip install --quiet uv==$(UV_VERSION)
