# Every target sets up what it needs: a virtual environment from the pinned, hash-checked
# lists in requirements/. `make help` lists the targets.

PYTHON   ?= python3
ARGS     ?=

VENV     := .venv
BIN      := $(VENV)/bin
PIP      := $(BIN)/python -m pip --disable-pip-version-check
UNIT     := reference/tests reference/native/tests fixtures/tests conformance/tests
# One mypy run per source root: the test folders of the roots share their name.
TYPED    := conftest.py hatch_build.py reference conformance fixtures benchmarks

.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

.PHONY: demo help check test lint format bench fixtures native fuzz rust-ladder kill-matrix images wheel lock zoo
.PHONY: clean cluster cluster-down site

help: ## list the targets
	@echo 'usage: make TARGET [INJECTOR="COMMAND…"] [ARGS="OPTIONS…"] [PYTHON=PATH]'
	@echo
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1\t\2/p' $(MAKEFILE_LIST) | expand -t 14 | sed 's/^/  /'

# Subjects in Python start a thousand times, from a read-only place: they are compiled beforehand.
COMPILED = $(BIN)/python -m compileall -q reference/zarf_injector fixtures/mutants

# The reference is judged if INJECTOR is not set at all: an empty one is somebody else's that has
# no name. ARGS and INJECTOR go by the environment, so that no shell reads them.
check: export ARGS := $(ARGS)
check: $(VENV)/check.stamp ## judge the reference, or INJECTOR=./zarf-injector
	@$(COMPILED)
	@$(BIN)/python -m injector_conformance.cli.words $(BIN)/injector-conformance check \
	  $(if $(filter undefined,$(origin INJECTOR)),,INJECTOR)

test: lint ## lint, types and all tests
	$(BIN)/python reference/native/build.py
	@$(COMPILED)
	$(BIN)/python -m pytest --numprocesses auto --benchmark-disable $(UNIT) $(ARGS)

lint: $(VENV)/develop.stamp ## style, types and the direction of imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	@set -e; for root in $(TYPED); do \
	  echo "$(BIN)/mypy $$root"; $(BIN)/mypy "$$root"; done
	$(BIN)/lint-imports --no-cache

format: $(VENV)/develop.stamp ## mend what the formatter and the linter can mend
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(VENV)/develop.stamp ## speed, memory and size of the injectors beside their peers
	$(BIN)/python reference/native/build.py
	$(BIN)/python -m pytest benchmarks -p no:randomly $(ARGS)

fixtures: $(VENV)/develop.stamp ## rebuild the golden payload and compare it byte for byte
	$(BIN)/python -m injector_fixtures.golden --check

native: $(VENV)/develop.stamp ## build the native injector and the sandboxes' launcher
	$(BIN)/python reference/native/build.py $(ARGS)
	$(BIN)/python -m injector_conformance.sandbox.launcher.build
	$(BIN)/python -m injector_conformance.cluster.witness.build

fuzz: $(VENV)/develop.stamp ## random inputs for the native parsers; ARGS='--minutes 30 --target json'
	$(BIN)/python -m native.fuzz $(ARGS)

rust-ladder: $(VENV)/develop.stamp ## build the Rust injector by every recipe of its size ladder
	$(BIN)/python reference/rust/ladder.py $(ARGS)

kill-matrix: $(VENV)/develop.stamp ## judge every mutant, and write docs/kill-matrix.*
	@$(COMPILED)
	$(BIN)/python -m kill_matrix $(ARGS)

zoo: $(VENV)/develop.stamp ## judge real extractors, and compare with what is expected of each
	$(BIN)/python -m zookeeper $(ARGS)

images: $(VENV)/check.stamp ## the container images of chapter CTR, built without a registry
	$(BIN)/python -m injector_conformance.images $(ARGS)

demo: $(VENV)/develop.stamp ## the whole story, on the node of make cluster if it is up, else in containers
	@$(BIN)/python -m demo $(ARGS)

cluster: $(VENV)/check.stamp ## a Kubernetes node from packages, where kubectl reaches no cluster
	@$(BIN)/python -m cluster_node up

cluster-down: $(VENV)/check.stamp ## remove that node, and every trace of it
	@$(BIN)/python -m cluster_node down

site: $(VENV)/develop.stamp ## all documents as a site, in build/site; writes docs/cases.md
	$(BIN)/python -m handbook $(ARGS)

wheel: $(VENV)/develop.stamp ## the distribution, in dist/
	$(BIN)/python -m hatchling build

lock: $(VENV)/develop.stamp ## renew requirements/ from pyproject.toml; ARGS=--upgrade for newer ones
	$(LOCK) --extra bench --extra completion --extra container --group develop \
	  --output-file requirements/develop.txt $(ARGS)
	$(LOCK) --extra container --group build --constraints requirements/develop.txt \
	  --output-file requirements/check.txt $(ARGS)

# Universal: one list for every Python from 3.11 on and every machine. Wheels only.
LOCK = $(BIN)/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 \
  --generate-hashes --no-build --custom-compile-command 'make lock'

clean: ## remove what the other targets made
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# check.stamp: what judging needs. develop.stamp: that, and what changing the project needs.
# The project itself is installed last, as an editable; its own list is what requirements/ pins.
$(VENV)/bin/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo 'make: $(PYTHON) is not Python 3.11 or newer; name one: make PYTHON=/path/to/python3' >&2; \
	  exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo 'make: $(PYTHON) has no venv module; on Debian and Ubuntu: apt-get install python3-venv' >&2; \
	  exit 1; }
	@echo 'setting up $(VENV)'
	@$(PYTHON) -m venv $(VENV)

$(VENV)/check.stamp: requirements/check.txt pyproject.toml | $(VENV)/bin/pip
	@$(PIP) install --quiet --require-hashes --only-binary :all: -r requirements/check.txt
	@$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/develop.stamp: requirements/develop.txt $(VENV)/check.stamp
	@$(PIP) install --quiet --require-hashes --only-binary :all: -r requirements/develop.txt
	@touch $@
