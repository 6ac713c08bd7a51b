# `make run` starts the bot on a fresh machine, `make test` sets up and runs every test.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help run test gate setup models test-models test-index chromium postgresql lint lock clean

help: ## what can be made
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

run: models ## set up everything and start the bot at http://127.0.0.1:8000
	@$(BIN)/voicebot serve || [ $$? = 130 ]  # Ctrl-C is how one stops it

# Reading all tests takes 20 s each time where no bytecode is kept.
test: export PYTHONDONTWRITEBYTECODE =
test: setup chromium postgresql lint test-index ## set up everything and run all tests
	OMP_NUM_THREADS=1 $(BIN)/pytest -m "not alone" -n auto --dist loadscope --no-loadscope-reorder
	$(BIN)/pytest -m alone
	@$(MAKE) --no-print-directory gate

gate: test-models ## play recorded callers; fails when anything important turned wrong since audio_fixtures/baseline.json
	$(BIN)/voicebot gate --baseline audio_fixtures/baseline.json

setup: .venv/.ready

# Begun anew whenever the stamp is missing: a half-made environment from an interrupted run is never trusted.
.venv/.ready: requirements.lock requirements-torch.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' || { \
	  echo "voicebot needs Python 3.11; found $$($(PYTHON) --version 2>&1). Install it and run: make PYTHON=/path/to/python3.11 $(MAKECMDGOALS)"; exit 2; }
	@echo "Setting up .venv (about 2 GB with torch; a few minutes on the first run)"
	@$(PYTHON) -m venv --clear .venv
	@$(BIN)/pip install --no-deps --require-hashes -r requirements.lock
	@$(BIN)/pip install -r requirements-torch.lock
	@$(BIN)/pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

models: setup
	@$(BIN)/voicebot models pull

test-models: setup
	@$(BIN)/voicebot models pull default test

# From nothing it takes minutes: here with all cores for one process, and told of.
test-index: test-models
	@ls .voicebot/embeddings/*.npz >/dev/null 2>&1 || $(BIN)/voicebot ask pas >/dev/null

chromium:
	@command -v chromium >/dev/null || { [ "$$(id -u)" = 0 ] && apt-get update -qq && \
	  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >/dev/null; } || { \
	  echo "The browser test needs Chromium: sudo apt-get install chromium, then make test again."; exit 2; }

postgresql:
	@ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 || { [ "$$(id -u)" = 0 ] && apt-get update -qq && \
	  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq postgresql >/dev/null; } || { \
	  echo "Tests on PostgreSQL need its server: sudo apt-get install postgresql, then make test again."; exit 2; }

lint: setup
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

lock: setup ## pin the newest packages that pyproject.toml allows
	$(BIN)/pip-compile --quiet --extra dev --generate-hashes --allow-unsafe --strip-extras --upgrade \
	  --unsafe-package torch --no-emit-options \
	  --output-file requirements.lock pyproject.toml
	@echo "Take the line 'torch==…' and its hashes out of requirements.lock: it is pinned in requirements-torch.lock."

clean: ## take away what was set up and made (not your settings)
	rm -rf .venv .voicebot
