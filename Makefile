# `make run` and `make test` are all that a new user needs; both prepare .venv first.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: run setup test lint format bench reliability screenshots clean

run: .venv/.installed
	$(BIN)/labeller demo

setup: .venv/.installed

test: .venv/.installed-test
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest $(PYTEST_ARGS)

lint: .venv/.installed-lint
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: .venv/.installed-lint
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: .venv/.installed-bench
	$(BIN)/python -m benchmarks

reliability: .venv/.installed-test
	$(BIN)/python -W ignore -m tests.reliability

screenshots: .venv/.installed
	xvfb-run --auto-servernum --server-args="-screen 0 2600x1700x24" $(BIN)/python docs/screenshots.py

clean:
	rm -rf .venv build *.egg-info

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/.installed: pyproject.toml | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	touch $@

.venv/.installed-test: .venv/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable ".[test]"
	touch $@

.venv/.installed-bench: .venv/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable ".[bench]"
	touch $@

.venv/.installed-lint: .venv/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable ".[lint]"
	touch $@
