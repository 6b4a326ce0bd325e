# Two commands do all: `make serve` and `make test`. Each sets up what it needs.
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.ready

.PHONY: help serve test build pdf bench check lint accept clean

help: ## show this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) tools/preflight.py
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

serve: $(STAMP) ## set up, build the comic, serve it on http://127.0.0.1:8000 while you write
	$(BIN)/mkdocs serve

test: $(STAMP) ## set up, run all tests
	$(BIN)/python -m pytest -n auto --dist loadgroup

build: $(STAMP) ## build the site into site/
	$(BIN)/mkdocs build --strict

pdf: $(STAMP) ## write build/intro-to-inference.pdf
	$(BIN)/panelwright export pdf --out build/intro-to-inference.pdf

bench: $(STAMP) ## measure speed and memory, as ratios within one run
	$(BIN)/python tests/bench/bench.py
	$(BIN)/python tests/bench/endpoint.py

check: $(STAMP) ## check the storyboard
	$(BIN)/panelwright check

lint: $(STAMP) ## format, lint, types, import contracts
	$(BIN)/ruff format plugins tests tools && $(BIN)/ruff check --fix plugins tests tools
	$(BIN)/mypy && $(BIN)/lint-imports

accept: $(STAMP) ## accept what the golden tests draw and parse now
	PANELWRIGHT_ACCEPT=1 $(BIN)/python -m pytest -q -k golden

clean: ## remove everything that was built
	rm -rf $(VENV) .cache site build
