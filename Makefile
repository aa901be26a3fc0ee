# Everything a developer does. Needs Python 3.10 or newer, git and make; the rest is installed into .venv.

PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11 python3.10 python; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 10))' 2>/dev/null && echo $$python && break; done)
BIN := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help demo test test-frameworks test-editors lint format docs clean

help:  ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: .venv/test  ## check the examples, broken and sound, and compare with what they expect
	@$(BIN)/python -m tests.demo

test: .venv/test  ## all tests
	@$(BIN)/python -m pytest -n auto -q

test-frameworks: .venv-frameworks/test  ## compare the knowledge with the libraries themselves, in an environment of its own
	@.venv-frameworks/bin/python -m pytest -n auto -q tests/frameworks

test-editors: .venv/test  ## real editors, which are installed if need be; needs npm
	@TRAINLINT_EDITORS=1 $(BIN)/python -m pytest -q tests/editors

lint: .venv/lint  ## ruff, mypy for the oldest and newest Python, the arrows between the packages
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy --python-version 3.10
	$(BIN)/mypy --python-version 3.14
	$(BIN)/lint-imports

format: .venv/lint  ## let ruff write the code as it likes it
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

docs: .venv/test  ## write what is made for the README: the table of rules, the picture
	$(BIN)/python -m tests.readme
	$(BIN)/python -m tests.picture
	$(BIN)/python -m tests.vscode.settings

clean:  ## remove what was installed and made
	rm -rf .venv .venv-frameworks .cache editors/vscode/node_modules build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis

.venv/test: pyproject.toml .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[test]'
	@touch $@

.venv/lint: pyproject.toml .venv/bin/python .venv/test
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[lint]'
	@touch $@

.venv-frameworks/test: pyproject.toml .venv-frameworks/bin/python
	.venv-frameworks/bin/python -m pip install --quiet --disable-pip-version-check --editable '.[frameworks]'
	@touch $@

.venv/bin/python .venv-frameworks/bin/python:
	@test -n "$(PYTHON)" || { echo 'No Python 3.10 or newer was found; say which with make PYTHON=…' >&2; exit 1; }
	$(PYTHON) -m venv $(@D:/bin=)
