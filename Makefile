# Needs Python 3.11 or newer, git and make. Everything else goes into .venv, .e2e and .cache, which `make clean` removes.
PYTHON ?= python3
BIN := .venv/bin
EXAMPLE := examples/01-torchserve-fraud-detector
DEMO := .cache/demo
SERVED := examples/02-onnxruntime-fraud-detector
PREDICTION := .cache/prediction

.PHONY: help demo setup test e2e e2e-ready bench trust clean
.PHONY: check check-format check-lint check-types check-layers check-generated check-examples

help:
	@echo "make demo    compile an example, then serve one and show its predictions"
	@echo "make test    the test suite, on all cores"
	@echo "make check   format, lint, types, layers, and everything that is generated"
	@echo "make e2e     what is emitted, run by the real tools and servers"
	@echo "make bench   how long compiling takes, and what the servers do under load, beside the goals"
	@echo "make trust   attempts to break what is promised, and what they found: forty minutes, docs/trust.md has the last"
	@echo "make clean   remove what these made"

# --- what is installed ------------------------------------------------------------------

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "servespec needs Python 3.11 or newer; name one: make PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
	  { echo "this Python can't make virtual environments; on Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }
	$(PYTHON) -m venv .venv

.venv/.installed: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

.venv/.installed-dev: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[test,dev]'
	@touch .venv/.installed $@

setup: .venv/.installed-dev

# --- a first look -----------------------------------------------------------------------

# A project of its own, as a user's would be: what you change in it is compiled by the next `make demo`.
$(DEMO)/serving.yaml: $(EXAMPLE)/serving.yaml $(wildcard $(EXAMPLE)/model/*) $(EXAMPLE)/requirements.txt
	@mkdir -p $(DEMO)
	@git init --quiet $(DEMO)
	@cp -R $(EXAMPLE)/model $(EXAMPLE)/wheels $(EXAMPLE)/requirements.txt $(EXAMPLE)/serving.yaml $(DEMO)

$(PREDICTION)/serving.yaml: $(SERVED)/serving.yaml $(wildcard $(SERVED)/model/*)
	@mkdir -p $(PREDICTION)
	@git init --quiet $(PREDICTION)
	@cp -R $(SERVED)/model $(SERVED)/serving.yaml $(PREDICTION)

demo: .venv/.installed $(DEMO)/serving.yaml $(PREDICTION)/serving.yaml
	@echo '$$ cd $(DEMO) && servespec build serving.yaml'
	@cd $(DEMO) && $(CURDIR)/$(BIN)/servespec build --summary serving.yaml
	@echo
	@echo 'Now a model is served, by ONNX Runtime in an environment of its own: the first time, that takes a minute or two.'
	@echo '$$ cd $(PREDICTION) && servespec run --install --smoke'
	@cd $(PREDICTION) && XDG_CACHE_HOME=$(CURDIR)/.cache $(CURDIR)/$(BIN)/servespec run --install --smoke 2>run.log || \
	  { cat run.log >&2; exit 1; }
	@echo 'What the server wrote is in $(PREDICTION)/run.log.'

# --- proof ------------------------------------------------------------------------------

test: setup
	$(BIN)/python -m pytest -n auto -m "not e2e" tests

check: check-format check-lint check-types check-layers check-generated check-examples

check-format: setup
	$(BIN)/ruff format --check .

check-lint: setup
	$(BIN)/ruff check .

check-types: setup
	$(BIN)/mypy

check-layers: setup
	$(BIN)/python -m pytest tests/test_layers.py

check-generated: setup
	$(BIN)/python -m servespec.dev generate --check

check-examples: setup
	$(BIN)/servespec build --check --summary examples/

# An environment of its own for what a file of requirements names; made anew when the file changes.
define environment_of
	$(BIN)/python -m venv --clear $(@D)
	$(@D)/bin/python -m pip install --quiet --disable-pip-version-check --requirement $(1)
	@touch $@
endef

# A server's own Python packages live apart from ours: tests/e2e/venvs/NAME.txt is installed into .e2e/NAME.
E2E_VENVS := $(patsubst tests/e2e/venvs/%.txt,.e2e/%/.installed,$(wildcard tests/e2e/venvs/*.txt))

.e2e/%/.installed: tests/e2e/venvs/%.txt | $(BIN)/python
	$(call environment_of,$<)

# Without root a person's machine may lack an engine: those tests are then skipped by name. In CI that is a failure.
e2e-ready: setup $(E2E_VENVS)
	@.ci/need java:openjdk-17-jre-headless nats-server:nats-server node:nodejs npm:npm strace:strace ip:iproute2 || [ "$(CI)" != true ]
	@tests/e2e/engine/azurite.sh --version >/dev/null || [ "$(CI)" != true ]
	@engine=tests/e2e/engine; { $$engine/install.sh && $$engine/start.sh && $$engine/base_image.sh && $$engine/nginx_image.sh; } || [ "$(CI)" != true ]

e2e: e2e-ready
	$(BIN)/python -m pytest -n 2 --dist loadgroup --no-loadscope-reorder -m e2e -ra --durations=40 tests

# What the compiled stacks do under load: the servers of the end-to-end tests, and what converts their model to ONNX.
.e2e/bench/.installed: bench/requirements.txt | $(BIN)/python
	$(call environment_of,$<)

# Other packagers, each in an environment of its own: they are only measured.
.e2e/truss/.installed .e2e/bentoml/.installed: .e2e/%/.installed: bench/packagers/%.txt | $(BIN)/python
	$(call environment_of,$<)

bench: .e2e/truss/.installed .e2e/bentoml/.installed .e2e/airflow2/.installed .e2e/airflow3/.installed
bench: .venv/.installed .e2e/onnxruntime/.installed .e2e/mlserver/.installed .e2e/mlflow/.installed .e2e/bench/.installed .e2e/batch/.installed .e2e/streaming/.installed
	$(BIN)/python bench compiling
	$(BIN)/python bench packaging
	.ci/need wrk:wrk
	$(BIN)/python bench serving
	$(BIN)/python bench scoring
	$(BIN)/python bench dags
	$(BIN)/python bench streaming

# The Pythons that are there: what is compiled must not depend on which of them does it.
.e2e/python%/.installed: pyproject.toml
	python$* -m venv --clear $(@D)
	$(@D)/bin/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

# Attempts to break what is promised. The page is in git: read its difference before you commit it.
trust: e2e-ready
	@.ci/need faketime:faketime || [ "$(CI)" != true ]
	@for version in 3.11 3.12 3.13; do \
	  if python$$version -c pass 2>/dev/null; then $(MAKE) --no-print-directory .e2e/python$$version/.installed; fi; done
	$(BIN)/python trust --write

clean:
	rm -rf .venv .e2e .cache dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find servespec bench trust tests -name __pycache__ -type d -prune -exec rm -rf {} +
