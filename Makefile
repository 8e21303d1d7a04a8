# What a person types. `make demo` and `make test` do all the set-up themselves; Python 3.11 and make are enough.
# `make test-cluster` needs apt-get and the right to use it as well, or the packages that it names.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV   := .venv
BIN    := $(VENV)/bin
# Processes that share the tests: one more than processors, up to eight. Those with a Prefect server mostly wait.
TESTERS ?= $(shell n=$$(getconf _NPROCESSORS_ONLN); echo $$((n < 8 ? n + 1 : 8)))

.PHONY: help setup demo test test-cluster check format lock wheel profile bench-check clean

help:            ## list the commands
	@sed -n 's/^\([a-z-]*\): .*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 14

setup: $(VENV)/.ready ## build .venv from requirements.lock

$(VENV)/.ready: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; v = sys.version_info; sys.exit(0 if (3, 11) <= v < (3, 14) else f"Pressrun needs Python 3.11 to 3.13; this is {v.major}.{v.minor}. Name another: make PYTHON=python3.11")'
	@echo "Building $(VENV) from requirements.lock (a minute or two) ..."
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

demo: setup      ## crawl three small outlets on this machine twice, under a real Prefect server
	@$(BIN)/python -m deploy.demo

test: setup check ## run make check, then all tests on SQLite and PostgreSQL
	@PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n $(TESTERS)

test-cluster: setup ## test PostgreSQL, Redis, two Prefect servers and two workers together; installs the first two by apt
	@tests/cluster/install
	@$(BIN)/python -m pytest tests/cluster -m cluster

check: setup     ## check lint, format, types and import rules
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

format: setup    ## format the code
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

COMPILE := uv pip compile --universal --generate-hashes --no-header --python-version 3.11

lock:            ## pin the dependencies of pyproject.toml, those of the image with the same versions (needs uv)
	$(COMPILE) --extra dev --extra cluster --extra parquet --extra mcp --extra identity -o requirements.lock pyproject.toml
	$(COMPILE) --extra build --extra cluster -c requirements.lock -o deploy/requirements.lock pyproject.toml

wheel: setup     ## build dist/*.whl
	@$(BIN)/python -m hatchling build -t wheel

profile: setup   ## where each millisecond of a night goes, as a table (installs py-spy; PAGES=FOLDER for other pages)
	@$(BIN)/pip install --quiet --disable-pip-version-check "py-spy>=0.4,<0.5"
	@$(BIN)/python -m bench.profile $(if $(PAGES),--pages $(PAGES))

bench-check: setup ## fail if our CPU beside that of peers is 15 % worse than bench/ratios.toml says (takes minutes)
	@$(BIN)/python -m bench.check

clean:           ## remove build products and caches; never data/
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
