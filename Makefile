# The commands of the project. `make chat` and `make test` set everything up by themselves.
.POSIX:
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: chat test test-long check bench run clean help

# four workers on two cores: a matrix product that starts threads of its own only waits for the others
export OPENBLAS_NUM_THREADS = 1

help: ## What there is
	@grep -E '^[a-z-]+:.*##' Makefile | sed 's/:.*## /\t/'

chat: $(VENV)/base ## Talk to the bot in this terminal; no token, no server
	@$(BIN)/pathways chat $(ARGS)

run: $(VENV)/full ## Start every channel that is configured
	@$(BIN)/pathways run $(ARGS)

test: check ## All tests in their short forms, after `make check`
	$(BIN)/python -m pytest -q -n 4 --dist worksteal -m "not long" $(ARGS)

test-long: check ## The full counts: 500 kills, 100,000 payloads ...; an hour or two on two cores
	$(BIN)/python -m pytest -q -n 4 --dist worksteal -o faulthandler_timeout=5400 $(ARGS)

check: $(VENV)/dev ## Style, types, floors, content
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pathways check

bench: $(VENV)/dev ## Speed and memory, each figure beside what it is compared with
	$(BIN)/python -m benchmarks $(ARGS)

$(VENV)/base: requirements/base.txt pyproject.toml
	@sh scripts/setup_venv.sh $(PYTHON) $(VENV) requirements/base.txt
	@touch $@

$(VENV)/full: requirements/full.txt requirements/base.txt pyproject.toml
	@sh scripts/setup_venv.sh $(PYTHON) $(VENV) requirements/full.txt
	@touch $@ $(VENV)/base

$(VENV)/dev: requirements/dev.txt requirements/full.txt requirements/base.txt pyproject.toml
	@sh scripts/setup_venv.sh $(PYTHON) $(VENV) requirements/dev.txt
	@touch $@ $(VENV)/full $(VENV)/base

clean: ## Forget the virtual environment and all caches
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build *.egg-info
