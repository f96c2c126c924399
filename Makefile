# The short commands for people and CI. Only Python 3.11+ and make are assumed; everything else is locked and local.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run dev test check fmt bench build lock audit clean

VENV := .venv
BIN := $(VENV)/bin
STATIC := backend/potok/server/static
MADE := $(VENV)/.made
export PATH := $(CURDIR)/$(BIN):$(PATH)
export PIP_DISABLE_PIP_VERSION_CHECK := 1

PIP := $(BIN)/python -m pip install --quiet --require-hashes
NPM := npm --prefix frontend --silent
SOURCES := backend tests tools plugins alembic
FRONTEND := $(shell find frontend -type f -not -path '*/node_modules/*' -not -path '*/.cache/*' -not -path '*/gen/*' -not -path '*/locales/*.mjs' 2>/dev/null)

help: ## List the commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(MADE)/run $(STATIC)/index.html ## Start Potok (POTOK_PORT, POTOK_DATA, POTOK_DATABASE_URL, POTOK_REDIS_URL)
	@exec $(BIN)/potok up

dev: $(MADE)/dev frontend/node_modules/.made ## Start with reload: Python by watching files, the browser app by Vite
	@exec $(BIN)/python tools/dev.py

test: $(MADE)/dev $(STATIC)/index.html $(MADE)/chromium check ## Everything CI runs
	@$(BIN)/python tools/test.py

check: $(MADE)/dev frontend/node_modules/.made ## Linters, types, import rules, browser app
	$(BIN)/ruff check --quiet $(SOURCES)
	$(BIN)/ruff format --check --quiet $(SOURCES)
	$(BIN)/mypy backend/potok tests tools plugins
	$(BIN)/lint-imports --no-logo
	$(NPM) run check

fmt: $(MADE)/dev frontend/node_modules/.made ## Format everything
	$(BIN)/ruff check --quiet --fix $(SOURCES)
	$(BIN)/ruff format --quiet $(SOURCES)
	$(NPM) run fmt

bench: $(MADE)/dev ## Measure; figures go to build/bench.json
	@$(BIN)/python -m tests.bench

build: $(STATIC)/index.html ## Build the browser app into the Python package

lock: $(MADE)/dev ## Lock the newest allowed dependencies, with hashes and without addresses
	sh tools/lock.sh
	cd frontend && npm install --package-lock-only --silent

audit: $(MADE)/dev ## Ask for known weaknesses of the locked dependencies (uses the network)
	$(BIN)/pip-audit --require-hashes --disable-pip -r requirements.lock
	cd frontend && npm audit --omit=dev

clean: ## Remove what was built (never the data folder)
	rm -rf $(VENV) frontend/node_modules frontend/.cache $(STATIC) build dist test-results
	rm -rf .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

# --- what the commands stand on: a stamp is newer than what it was made from, so a second start is instant ---

$(MADE)/venv:
	@sh tools/venv.sh $(VENV)
	@mkdir -p $(MADE) && touch $@

$(MADE)/run: $(MADE)/venv requirements.lock pyproject.toml
	@echo "Installing Python packages ..."
	@$(PIP) -r requirements.lock
	@$(BIN)/python -m pip install --quiet --no-deps -e .
	@touch $@

$(MADE)/dev: $(MADE)/run requirements-dev.lock
	@echo "Installing Python packages for development ..."
	@$(PIP) -r requirements-dev.lock
	@touch $(MADE)/node $@

$(MADE)/node: $(MADE)/venv requirements-node.lock
	@test -x $(BIN)/node || { echo "Installing Node.js ..."; $(PIP) -r requirements-node.lock; }
	@touch $@

frontend/node_modules/.made: frontend/package-lock.json | $(MADE)/node
	@echo "Installing the browser app's packages ..."
	@cd frontend && npm ci --silent --no-audit --no-fund
	@touch $@

$(STATIC)/index.html: $(FRONTEND) frontend/node_modules/.made
	@echo "Building the browser app ..."
	@$(NPM) run build
	@touch $@

$(MADE)/chromium: $(MADE)/dev
	@$(BIN)/python tools/chromium.py > $@
