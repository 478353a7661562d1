# `make run` and `make test` are all that a new user needs; both prepare .venv first.
PYTHON ?= python3
BIN := .venv/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check
ITSELF := --editable ".[figures,parquet]"
PYTEST := QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest --numprocesses=2 --dist=loadgroup
# Texts of the window, and the sentences of errors wherever they are raised.
LUPDATE_ALIAS := $(foreach name,mark Word Remark LabellerError Cancelled NewerFormat ProjectDamaged \
	DamagedBackup ForeignBackup MissingImages ProjectLocked Progress Registry require_known,-tr-function-alias QT_TR_NOOP+=$(name))
SPEAKING = labeller/window/*/*.py models/labeller_models/*.py $(wildcard $(addprefix labeller/,core/*.py care/*.py \
	exchange/*.py experiments/*.py learning/*.py loop/*.py pool/*.py project/*.py \
	selection/*.py store/*.py))

.PHONY: run setup test test-all test-lowest lint format bench reliability replay screenshots \
	translations desktop package clean

run: .venv/.installed
	$(BIN)/labeller demo

setup: .venv/.installed

# While you work: everything but the slow tests, and a tenth of the faults and of the fuzzing.
test: .venv/.installed-test
	$(PYTEST) $(PYTEST_ARGS)

# Before a large change lands.
test-all: .venv/.installed-test
	$(PYTEST) --all $(PYTEST_ARGS)

# With the oldest versions that pyproject.toml allows, in an environment of its own.
test-lowest: .venv-lowest/.installed
	QT_QPA_PLATFORM=offscreen .venv-lowest/bin/python -m pytest --numprocesses=2 \
		--dist=loadgroup $(PYTEST_ARGS)

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

# Key sequences, six keyboard layouts, and somebody who slips, in the real window (needs Debian's
# xvfb, xdotool and x11-xkb-utils).
replay: .venv/.installed
	xvfb-run --auto-servernum --server-args="-screen 0 1400x900x24" \
		$(BIN)/python -m benchmarks.layouts
	xvfb-run --auto-servernum --server-args="-screen 0 1400x900x24" \
		$(BIN)/python -m benchmarks.replay
	xvfb-run --auto-servernum --server-args="-screen 0 1400x900x24" \
		$(BIN)/python -m benchmarks.annotator

screenshots: .venv/.installed
	xvfb-run --auto-servernum --server-args="-screen 0 2600x1700x24" $(BIN)/python docs/screenshots.py

translations: .venv/.installed
	$(BIN)/pyside6-lupdate -silent -no-obsolete -locations none -pluralonly \
		-source-language en -target-language en \
		$(LUPDATE_ALIAS) $(SPEAKING) -ts resources/labeller_resources/translations/en.ts
	$(BIN)/pyside6-lupdate -silent -no-obsolete -locations none \
		-source-language en -target-language de \
		$(LUPDATE_ALIAS) $(SPEAKING) -ts resources/labeller_resources/translations/de.ts
	for name in en de; do \
		$(BIN)/pyside6-lrelease -silent resources/labeller_resources/translations/$$name.ts; \
	done

# An entry in the menu of a Linux desktop, for the program in .venv or, with PROGRAM=, another one.
PROGRAM ?= $(CURDIR)/$(BIN)/labeller
SHARE ?= $(HOME)/.local/share
desktop:
	install -D -m 644 resources/labeller_resources/icons/labeller.svg \
		$(SHARE)/icons/hicolor/scalable/apps/labeller.svg
	mkdir -p $(SHARE)/applications
	sed 's|^Exec=.*|Exec="$(PROGRAM)"|' resources/labeller_resources/labeller.desktop \
		> $(SHARE)/applications/labeller.desktop

package: .venv/.installed-package
	$(BIN)/pyinstaller --noconfirm --distpath dist --workpath build/package \
		resources/packaging/labeller.spec

clean:
	rm -rf .venv .venv-lowest build dist *.egg-info

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/.installed: pyproject.toml | .venv/bin/python
	$(INSTALL) --upgrade "pip>=25.1"  # the first that knows --group
	$(INSTALL) $(ITSELF)
	touch $@

.venv/.installed-%: .venv/.installed
	$(INSTALL) $(ITSELF) --group $*
	touch $@

.venv-lowest/.installed: pyproject.toml
	$(PYTHON) -m venv --clear .venv-lowest
	.venv-lowest/bin/python -m pip install --quiet --disable-pip-version-check uv
	.venv-lowest/bin/uv pip install --quiet --python .venv-lowest/bin/python \
		--resolution lowest-direct $(ITSELF) --group test
	touch $@
