# Two commands on a fresh machine: `make demo` and `make test`. Each installs what it needs.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUNNING := $(VENV)/.running
INSTALLED := $(VENV)/.installed
DRAWING := $(VENV)/.drawing
# The engine's folder comes first on PATH, behind the venv: the language host takes the first python3 there.
# Where HOME cannot be written, what the tools keep there goes into the tree.
ifneq ($(shell test -d "$$HOME" && test -w "$$HOME" && echo yes),yes)
export HOME := $(CURDIR)/.local/home
$(shell mkdir -p "$(HOME)")
endif
# A process for each core; tests/conftest.py says what stays together, and the order.
SHARE = $(BIN)/python -m pytest -n auto --dist loadgroup --no-loadscope-reorder
WITH_ENGINE = engine="$$($(PYTHON) tools/engine)" && PATH="$(CURDIR)/$(BIN):$$engine:$$PATH"
# Programs in YAML need a language host of their own, which no demonstration waits for.
WITH_YAML = engine="$$($(PYTHON) tools/engine --yaml)" && PATH="$(CURDIR)/$(BIN):$$engine:$$PATH"

.PHONY: help
help: ## Show what can be made.
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | sort | expand -t 16

.PHONY: install
install: $(INSTALLED) ## Make the virtual environment with all that the project needs.

# What the package needs, and the local Press: no demonstration waits for linters.
$(RUNNING): pyproject.toml requirements.lock
	@echo "Installing the package into $(VENV) ..."
	@$(PYTHON) tools/environment $(VENV) -c requirements.lock -e '.[emulator]'
	@touch $@

$(INSTALLED): $(RUNNING)
	@echo "Installing linters and tests into $(VENV) ..."
	@$(PYTHON) tools/environment $(VENV) 'pip>=25.1'
	@$(PYTHON) tools/environment $(VENV) -c requirements.lock --group dev
	@touch $@

.PHONY: engine
engine: ## Find or build the Pulumi engine.
	@$(PYTHON) tools/engine

.PHONY: demo
demo: $(RUNNING) ## Show a new project on a local Press: publish, deploy, mistake, change, destroy.
	@$(WITH_ENGINE) $(BIN)/python -m tools.quickstart demo

.PHONY: up
up: $(RUNNING) ## Bring the quickstart up against a local Press that is left running.
	@$(WITH_ENGINE) $(BIN)/python -m tools.quickstart up

.PHONY: check
check: lint ## Run the linters and the unit tests, in less than three minutes.
	@$(SHARE) tests/unit

.PHONY: test
test: lint ## Run the linters and the tests, the fast ones first, in a quarter of an hour.
	@$(WITH_ENGINE) $(SHARE) --scenarios short tests/unit tests/properties tests/typing tests/packaging tests/reliability
	@$(WITH_YAML) $(SHARE) --scenarios short tests/contract tests/engine
	@$(WITH_ENGINE) $(BIN)/python -m tools.matrix --short

.PHONY: scenarios
scenarios: $(INSTALLED) ## Run all tests on the engine, the long ones too, each scenario with the dynamic provider and the native plugin.
	@$(WITH_YAML) $(SHARE) tests/reliability tests/engine tests/contract tests/packaging

.PHONY: matrix
matrix: $(INSTALLED) ## Run on every Python, SDK and engine that is supported and can be had; print and publish the table.
	@$(WITH_ENGINE) $(BIN)/python -m tools.matrix --publish

.PHONY: reliability
reliability: $(INSTALLED) ## Put every promise to the test, and print the table; SEED=N makes the same cases again.
	@$(WITH_ENGINE) $(BIN)/python -m tests.reliability $(if $(SEED),--seed $(SEED))

.PHONY: contract
contract: $(INSTALLED) ## Let the real client judge the local Press; it needs Chromium for the page.
	@$(BIN)/python -m pytest tests/contract -s --no-skip

.PHONY: bench
bench: $(DRAWING) ## Measure speed, memory and traffic beside others; BENCH=--help shows how to measure a part.
	@$(WITH_ENGINE) $(BIN)/python -m bench $(BENCH)

$(DRAWING): $(INSTALLED)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c requirements.lock --group bench
	@touch $@

.PHONY: docs
docs: $(INSTALLED) ## Renew the pages that are written from the code, and build the site in build/docs.
	@$(BIN)/python -m tools.docs
	@NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --quiet --strict
	@echo "Built: build/docs/index.html; to read and search it: $(BIN)/python -m mkdocs serve"

.PHONY: lint
lint: $(INSTALLED) ## Check style, types and the arrows between the rooms.
	@$(MAKE) --no-print-directory --jobs --keep-going $(LINTERS)

# They run at the same time, each to its end: pyright takes as long as all others together.
LINTERS = lint-style lint-form lint-mypy lint-pyright lint-imports

.PHONY: $(LINTERS)
lint-style:
	@$(BIN)/ruff check --quiet .

lint-form:
	@$(BIN)/ruff format --quiet --check .

lint-mypy:
	@$(BIN)/mypy

lint-pyright:
	@$(BIN)/pyright

lint-imports:
	@$(BIN)/lint-imports

.PHONY: format
format: $(INSTALLED) ## Put the code into the project's form.
	@$(BIN)/ruff check --quiet --fix .
	@$(BIN)/ruff format --quiet .

.PHONY: lock
lock: $(DRAWING) ## Write the versions that are installed now into requirements.lock.
	@$(BIN)/python tools/lock.py > requirements.lock

.PHONY: clean
clean: ## Take away all that was made here; the engine's cache and .local stay.
	@rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
