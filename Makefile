# The two commands are `make demo` and `make test`. Each sets up all it needs in .venv, from Python 3.11 or newer alone.
PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python
INSTALL := $(RUN) -m pip install --quiet --disable-pip-version-check --require-hashes -r

.PHONY: demo test check bench chaos lock

demo: $(VENV)/.runtime
	@exec $(RUN) -m bot demo $(ARGS)

test: $(VENV)/.test
	$(RUN) -m pytest $(ARGS)

check: $(VENV)/.test
	$(RUN) -m ruff check .
	$(RUN) -m ruff format --check .
	$(RUN) -m mypy
	$(VENV)/bin/lint-imports

bench: $(VENV)/.test
	$(RUN) -m bench $(ARGS)
	$(if $(ARGS),,$(RUN) -m bench.drips)

chaos: $(VENV)/.test
	$(RUN) -m tests.chaos $(ARGS)

# What the tests need comes on top of what the product needs, and a changed lock begins with an empty .venv: the order of commands never matters.
$(VENV)/.runtime: requirements.lock requirements-test.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
	  { echo "Leadbell needs Python 3.11 or newer, and $(PYTHON) is not. If you have one, name it: make $(MAKECMDGOALS) PYTHON=python3.12"; exit 1; }
	@echo "Setting up $(VENV). The first time takes a minute."
	$(PYTHON) -m venv --clear $(VENV)
	$(INSTALL) requirements.lock
	touch $@

$(VENV)/.test: $(VENV)/.runtime
	$(INSTALL) requirements-test.lock
	touch $@

lock:
	uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header -q -o requirements.lock
	uv pip compile pyproject.toml --extra test --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header -q -c requirements.lock -o requirements-test.lock
