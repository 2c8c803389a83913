# Two commands matter: `make plan` and `make test`. Each installs what it needs into .venv.
# Written for GNU make 3.81 (macOS) and newer.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
REGION ?= layers/omsk/region.toml
LANG_OF_MAP ?= ru
WORKERS ?= 2

.PHONY: plan check test lint bench clean help

help:  ## list the commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/'

plan: $(VENV)/.plan  ## the main job: where Omsk oblast should put its parks -> maps/omsk/index.html
	$(BIN)/siting plan $(REGION) --lang $(LANG_OF_MAP)

check: $(VENV)/.plan  ## read and check the layers only
	$(BIN)/siting check $(REGION)

test: $(VENV)/.test  ## every test, with a real Chromium and a real PostGIS
	./.ci/system-packages
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile

lint: $(VENV)/.lint  ## style, types, imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/.bench  ## every benchmark, quickly; results go to benchmarks/results/
	for file in $(filter-out benchmarks/record.py,$(wildcard benchmarks/*.py)); do $(BIN)/python $$file --quick || exit 1; done

clean:  ## remove what make made
	rm -rf $(VENV) maps/omsk .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(VENV)/.pip:
	./.ci/make-venv "$(PYTHON)" $(VENV)
	touch $@

$(VENV)/.plan: $(VENV)/.pip pyproject.toml
	$(BIN)/python -m pip install --quiet --editable .
	touch $@

$(VENV)/.test: $(VENV)/.plan pyproject.toml
	$(BIN)/python -m pip install --quiet --group test
	touch $@

$(VENV)/.lint: $(VENV)/.test pyproject.toml
	$(BIN)/python -m pip install --quiet --group lint
	touch $@

$(VENV)/.bench: $(VENV)/.test pyproject.toml
	$(BIN)/python -m pip install --quiet --group bench
	touch $@
