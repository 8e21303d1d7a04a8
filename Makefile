# What a person types. `make demo` and `make test` do all the set-up themselves; Python 3.11 and make are enough.
# `make test-cluster` needs apt-get and the right to use it as well, or the packages that it names.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV   := .venv
BIN    := $(VENV)/bin
# Processes that share the tests: two more than processors, up to eight. Many wait: for a heartbeat, a pace, a kill.
TESTERS ?= $(shell n=$$(getconf _NPROCESSORS_ONLN); echo $$((n < 7 ? n + 2 : 8)))

.PHONY: help setup demo test test-cluster test-long check format lock wheel profile bench-check sbom audit clean

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

test-long: setup ## kill crawls hundreds of times, and give readers damaged documents: an hour and more
	@$(BIN)/pip install --quiet --disable-pip-version-check "atheris>=3,<4" || echo "atheris does not install here: no fuzzing by coverage"
	@PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest tests/long -m hours -n $(TESTERS) -rP
	@PRESSRUN_TEST_STORIES=1000 $(BIN)/python -m pytest tests/storage/test_writers.py

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
	$(COMPILE) --extra build --extra cluster --extra identity -c requirements.lock -o deploy/requirements.lock pyproject.toml

wheel: setup     ## build dist/*.whl
	@$(BIN)/python -m hatchling build -t wheel

profile: setup   ## where each millisecond of a night goes, as a table (installs py-spy; PAGES=FOLDER for other pages)
	@$(BIN)/pip install --quiet --disable-pip-version-check "py-spy>=0.4,<0.5"
	@$(BIN)/python -m bench.profile $(if $(PAGES),--pages $(PAGES))

bench-check: setup ## fail if our CPU beside that of peers is 15 % worse than bench/ratios.toml says (takes minutes)
	@$(BIN)/python -m bench.check

# What the image has, and the tools that look at it, each in an environment of its own: the tools bring many packages.
IMAGE  := build/image
TOOLS  := build/tools

$(IMAGE)/.ready: deploy/requirements.lock
	@$(PYTHON) -m venv --clear $(IMAGE)
	@$(IMAGE)/bin/pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r deploy/requirements.lock
	@touch $@

$(TOOLS)/.ready: Makefile
	@$(PYTHON) -m venv --clear $(TOOLS)
	@$(TOOLS)/bin/pip install --quiet --disable-pip-version-check "cyclonedx-bom>=7,<8" "pip-audit>=2.10,<3"
	@touch $@

sbom: $(IMAGE)/.ready $(TOOLS)/.ready ## list what the image has: dist/pressrun.cdx.json (CycloneDX) and dist/licences.tsv
	@mkdir -p dist
	@$(TOOLS)/bin/cyclonedx-py environment --pyproject pyproject.toml --output-reproducible --of JSON \
		--output-file dist/pressrun.cdx.json $(IMAGE)/bin/python
	@$(PYTHON) deploy/licences.py dist/pressrun.cdx.json > dist/licences.tsv
	@echo "dist/pressrun.cdx.json and dist/licences.tsv are written"

audit: $(TOOLS)/.ready ## look up known vulnerabilities of the locked packages (needs the internet)
	@$(TOOLS)/bin/pip-audit --strict --disable-pip --require-hashes -r deploy/requirements.lock

clean:           ## remove build products and caches; never data/
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
