# Needs GNU make and Python 3.11, 3.12 or 3.13, nothing else. `make` alone lists the targets.

.DEFAULT_GOAL := help
SHELL := /bin/sh
BIN := .venv/bin
PACKAGES := plans reader letters tasks people notifications app flows web cli
CHECKED := $(PACKAGES) tests tools benchmarks
TEST_WORKERS ?= 2

# make setup PYTHON=/path/to/python3.12
export PYTHON

.PHONY: help setup setup-run run test browser tesseract soak bench drill check format lock messages screenshots simulate clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## make .venv with exactly the pinned packages (PYTHON=… chooses the interpreter)
	@sh requirements/install.sh dev

setup-run:
	@sh requirements/install.sh run

run: setup-run ## start everything: database, plans, Prefect, worker (DASHBOARD_PORT=8000 PREFECT_PORT=4200)
	@$(if $(DASHBOARD_PORT),DONDOC_DASHBOARD_PORT=$(DASHBOARD_PORT)) $(if $(PREFECT_PORT),DONDOC_PREFECT_PORT=$(PREFECT_PORT)) exec $(BIN)/dondoc up

test: setup browser tesseract ## run the tests (TESTS=tests/plans chooses, TEST_WORKERS=2)
	@$(BIN)/python -m compileall -q $(PACKAGES) # what tests start in processes of their own is not compiled each time
	@$(BIN)/python -m pytest -n $(TEST_WORKERS) --dist worksteal $(TESTS)

browser: setup ## find or install the Chromium of the browser tests (as root from Debian, else by Playwright)
	@$(BIN)/python -m tools.browser

tesseract: setup ## find or install the Tesseract of the tests, with Vietnamese (as root from Debian)
	@$(BIN)/python -m tools.tesseract

SOAK_SEED := $(or $(SEED),$(shell date +%s))
soak: setup ## kill planner and sender at every step, and at random (KILLS=1000 SEED=…; 10000 for a night)
	@echo "soak: KILLS=$(or $(KILLS),1000) SEED=$(SOAK_SEED)"
	@DONDOC_TEST_KILLS=$(or $(KILLS),1000) DONDOC_TEST_SEED=$(SOAK_SEED) $(BIN)/python -m pytest -s tests/baddays/test_kills.py

bench: setup ## measure and write docs/performance.md (BENCH="advance memory" DATABASE=sqlite SIZE=quick choose)
	@$(BIN)/python -m compileall -q $(PACKAGES) benchmarks # processes start as they do where dondoc is installed
	@$(BIN)/python -m benchmarks $(BENCH) $(if $(DATABASE),--database $(DATABASE)) $(if $(SIZE),--size $(SIZE))

drill: setup ## two workers, one is killed in the middle of a morning, with Prefect's own lease (DIGESTS=2000)
	@DONDOC_TEST_DIGESTS=$(or $(DIGESTS),2000) DONDOC_TEST_PATIENT=1 PYTHONUNBUFFERED=1 \
		$(BIN)/python -m pytest -s tests/baddays/test_two_workers.py

# Every step runs, so that one call tells everything; any failure fails the whole.
check: setup ## format, lint, types, directions of imports, message catalogues
	@failed=; \
	step() { echo "check: $$1"; shift; "$$@" || failed=yes; }; \
	step "format"  $(BIN)/ruff format --quiet --check --diff .; \
	step "lint"    $(BIN)/ruff check --quiet .; \
	step "types"   $(BIN)/mypy --no-error-summary $(CHECKED); \
	step "imports" $(BIN)/lint-imports --no-logo; \
	step "texts"   $(BIN)/python tools/messages.py check; \
	if [ -n "$$failed" ]; then echo "check: failed" >&2; exit 1; fi; \
	echo "check: all well"

format: setup ## put the code into the agreed form
	@$(BIN)/ruff check --quiet --fix-only .
	@$(BIN)/ruff format --quiet .

messages: setup ## collect the texts of the code into plans/locale and compile the catalogues
	@$(BIN)/python tools/messages.py update

COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --no-emit-index-url --generate-hashes
lock: setup ## compute the pinned packages anew (UPGRADE=--upgrade takes newer ones)
	@$(COMPILE) --custom-compile-command "make lock" $(UPGRADE) --extra dev pyproject.toml -o requirements/dev.lock
	@$(COMPILE) --custom-compile-command "make lock" --extra build pyproject.toml -c requirements/dev.lock -o requirements/run.lock

screenshots: setup browser ## draw the README's pictures of the dashboard anew (docs/images/dashboard-*.png)
	@$(BIN)/python -m tools.screenshots

simulate: setup-run ## what would be sent if nobody did anything (PLAN=… FROM=2024-01-01 TO=2024-12-31)
	@$(BIN)/dondoc simulate $(or $(PLAN),son-la-2316-2023) --from $(or $(FROM),2023-11-07) --to $(or $(TO),2024-12-31)

clean: ## remove caches and builds (not .venv, not the register)
	@rm -rf .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis build dist *.egg-info
	@find $(CHECKED) -name __pycache__ -type d -prune -exec rm -rf {} +
