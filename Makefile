# Everything runs inside .venv, made from the hash locks with plain pip. `make` alone lists the targets.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
PORT ?= 8000
ROUNDS ?= 25
CASES ?= 200
TORTURE ?= 300
UV ?= uv

BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input -q
LOCKED := $(PIP) install --require-hashes --no-deps
COMPILE := $(UV) pip compile pyproject.toml --group build --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --no-header --no-annotate --quiet

# Tests start the command a hundred times: compiled once, whatever the machine says of compiled files.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help install run test lint types layers contract clients fast torture chance fuzz attack format migration bench load lock wheelhouse test-install clean env-file

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo "  .venv is made with PYTHON=python3 (3.11 or newer)"

install: .venv/runtime-installed ## make .venv with what the service needs; `.venv/bin/chiso` is then the command

run: install env-file ## serve the demonstration at 127.0.0.1 (PORT=8000)
	@echo $(PORT) > .port
	@$(BIN)/chiso serve --demo --port $(PORT)

test: lint types layers ## everything: format, lint, types, layers, tests on SQLite and PostgreSQL, contract
	$(BIN)/pytest -n logical --dist worksteal
	$(MAKE) contract

lint: .venv/tools-installed ## format check and lint
	$(BIN)/ruff format --check
	$(BIN)/ruff check

types: .venv/tools-installed ## mypy --strict
	$(BIN)/mypy

layers: .venv/tools-installed ## who may import whom
	$(BIN)/lint-imports

contract: .venv/tools-installed ## openapi/ is what the code says, and breaks nothing that was released
	$(BIN)/chiso openapi --check
	$(BIN)/python -m tests.support.contract_breaks

clients: .venv/tools-installed ## clients of the contract by six generators: generated, compiled, run (NAMES="hey_api …"; needs node, npm, java)
	$(BIN)/python -m tests.clients $(NAMES)

fast: .venv/tools-installed ## only the tests, only on SQLite
	$(BIN)/pytest -n logical --dist worksteal --database sqlite

torture: .venv/tools-installed ## kill services and worse while clients write, then count what held (TORTURE=300 kills a database)
	TORTURE=$(TORTURE) $(BIN)/python -m tests.torture $(DATABASES)

chance: .venv/tools-installed ## the tests of chance for imports, many times over (ROUNDS=25)
	ROUNDS=$(ROUNDS) $(BIN)/pytest -n logical tests/services/test_import_model.py tests/services/test_import_orders.py

fuzz: .venv/tools-installed ## generated requests for every operation, three callers, both databases (CASES=200)
	$(BIN)/python -m tests.attack.fuzz $(CASES)

attack: .venv/tools-installed ## what hostile requests cost a running service, and what others notice of them
	$(BIN)/python -m tests.attack

format: .venv/tools-installed ## format the code and mend what ruff can mend
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

migration: .venv/runtime-installed ## draft a migration from the tables (NAME="what it does")
	$(BIN)/python -m app.migrations.draft $(NAME)

load: .venv/tools-installed ## the end of a month, all at once; against other clones with CLONES="DIR… DIR:WORKERS" (LOAD_SECONDS=60)
	$(BIN)/python -m bench.load $(CLONES)

bench: .venv/tools-installed ## speed, as ratios against the limit of this machine
	$(BIN)/python -m bench

lock: ## write both hash locks anew (the only target that needs uv)
	@command -v $(UV) > /dev/null || { echo "make lock needs uv; name it with UV=path/to/uv" >&2; exit 1; }
	$(COMPILE) --upgrade --output-file requirements.txt
	$(COMPILE) --upgrade --extra dev --constraint requirements.txt --output-file requirements-dev.txt

wheelhouse: install ## everything that a host without internet installs from, in wheelhouse/, with digests
	@rm -rf wheelhouse build
	@$(PIP) download --require-hashes --no-deps --only-binary :all: --dest wheelhouse -r requirements.txt
	@$(PIP) wheel --no-deps --no-build-isolation --wheel-dir wheelhouse .
	@rm -rf build
	@$(BIN)/python deploy/wheelhouse.py wheelhouse
	@echo "wheelhouse/ holds all that a host of the same system, processor and Python needs; docs/operations.md, Install"

test-install: wheelhouse .venv/tools-installed ## install from wheelhouse/ without an index, and serve from there
	$(BIN)/pytest -p no:xdist -o faulthandler_timeout=1800 tests/install.py

clean: ## remove .venv and every cache; databases and .env stay
	rm -rf .venv build dist wheelhouse *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find app tests bench -name __pycache__ -type d -prune -exec rm -rf {} + 2> /dev/null || true

# `make run` keeps one admin key for this clone; a key that already stands in .env is left alone.
env-file: .venv/runtime-installed
	@grep -Eqs '^CHISO_BOOTSTRAP_KEY=.{20}' .env || ( umask 077; \
		$(BIN)/python -c 'import secrets; print("\n# the admin key of make run\nCHISO_BOOTSTRAP_KEY=" + secrets.token_urlsafe(24))' >> .env )

# The stamps are written last: an interrupted install is done again, a finished one costs nothing.
.venv/runtime-installed: requirements.txt pyproject.toml | .venv/bin/pip
	@echo "Installing what the service needs into .venv"
	@$(LOCKED) -r requirements.txt
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

.venv/tools-installed: requirements-dev.txt .venv/runtime-installed
	@echo "Installing the tools for tests and checks into .venv"
	@$(LOCKED) -r requirements-dev.txt
	@touch $@

.venv/bin/pip:
	@command -v $(PYTHON) > /dev/null || { echo "chiso needs Python 3.11 or newer, and $(PYTHON) is not found" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("chiso needs Python 3.11 or newer, and $(PYTHON) is %d.%d; name another: make PYTHON=python3.12 ..." % sys.version_info[:2])'
	@$(PYTHON) -m venv --clear .venv
