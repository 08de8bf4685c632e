# `make help` tells what there is. Everything lives in .venv; nothing else is touched but, where
# root and apt allow it, the system libraries that Qt needs.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# What `make test` installs; with `train` among them the tests of the long training run too.
EXTRAS ?= dlib,lab,dev
# Tests that run at once: never two of one file, for they may share a server; only in the lab, where
# they share nothing, whoever is done takes some of what waits for another.
JOBS ?= 2
PYTEST = $(BIN)/pytest -q -n $(JOBS) --dist
# With COVER=1 coverage is measured, and at least 90 %: the tests then take half as long again.
COVER ?=
# Inputs of `make fuzz` for each kind, times up to 20.
FUZZ ?= 2000
INSTALL := $(BIN)/python tools/install.py -c constraints.txt

.DEFAULT_GOAL := help
.PHONY: help setup run demo fmt check test words bench soak train wheel sbom holes fuzz clean

help:  ## This list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(VENV)/run.stamp  ## Install what the kiosk needs into .venv
	@:

run: $(VENV)/run.stamp  ## Start the kiosk
	$(BIN)/python main.py

demo: $(VENV)/run.stamp  ## Start it with drawn people, a drawn clip and a temporary folder
	$(BIN)/python main.py --demo --windowed

fmt: $(VENV)/test.stamp  ## Format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

check: $(VENV)/test.stamp  ## Format, lint, types, import directions
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test: check  ## All checks and tests
	$(PYTEST) loadfile tests/ui tests/contracts $(if $(COVER),--cov --cov-report=)
	$(PYTEST) loadfile --ignore tests/lab --ignore tests/ui --ignore tests/contracts \
		$(if $(COVER),--cov --cov-append --cov-report=term:skip-covered --cov-fail-under=90)
	$(PYTEST) worksteal tests/lab

fuzz: $(VENV)/test.stamp  ## Damaged pictures, clips, tables, settings, databases: make fuzz FUZZ=10000
	KIOSK_FUZZ=$(FUZZ) $(PYTEST) worksteal --timeout 0 --hypothesis-profile fuzz tests/fuzz

words: $(VENV)/test.stamp  ## Collect all sentences for translators into build/kiosk.pot
	@mkdir -p build
	$(BIN)/pybabel -q extract -F babel.cfg -k _ -k counted:1,2 -k marked -o build/kiosk.pot .

bench: $(VENV)/test.stamp  ## Speed and memory, as ratios from one run
	$(BIN)/python main.py bench

soak: $(VENV)/test.stamp  ## Does it grow: a million frames, then half an hour of the whole program (Linux, Xvfb)
	nice $(BIN)/python -m tests.end_to_end.soak frames 1000000
	nice $(BIN)/python -m tests.end_to_end.soak minutes 30

train: $(VENV)/test.stamp  ## Go on with the training of the encoder that ships
	@echo "What the long training run needs"
	@$(INSTALL) -e '.[lab,train]'
	$(BIN)/python -m kiosk.lab embed-teacher
	nice -n 19 $(BIN)/python -m kiosk.lab train efficientfacenet \
		$(if $(wildcard runs/efficientfacenet/state.pt),--resume)

wheel: $(VENV)/run.stamp  ## Build the package that pip installs anywhere, into dist
	@$(BIN)/pip wheel --quiet --disable-pip-version-check --no-deps --wheel-dir dist .
	@ls dist/*.whl

sbom: $(VENV)/test.stamp  ## Write the bill of materials beside the wheel: dist/kiosk.cdx.json (CycloneDX)
	@$(INSTALL) -e '.[dlib,keyring,postgresql]'
	$(BIN)/python -m tools.sbom dist/kiosk.cdx.json

holes: $(VENV)/test.stamp  ## Renew the list of known holes: make holes OSV=all.zip (docs/supply-chain.md)
	$(BIN)/python -m tools.known_holes "$(OSV)"

clean:  ## Remove what was installed and cached
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .coverage

$(VENV)/bin/python:
	@echo "1/4 A virtual environment in $(VENV)"
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; (3, 11) <= v <= (3, 13) or sys.exit( \
		"Python 3.11 to 3.13 is needed, $(PYTHON) is %d.%d. Another: make PYTHON=python3.12 setup" % v)'
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); exit 1; }  # Debian without python3-venv leaves half of it

$(VENV)/run.stamp: pyproject.toml constraints.txt | $(VENV)/bin/python
	@echo "2/4 pip and setuptools without known holes"
	@$(INSTALL) pip setuptools
	@echo "3/4 System libraries that Qt needs"
	@sh tools/system-libraries.sh
	@echo "4/4 What the kiosk runs on, about 460 MB"
	@$(INSTALL) -e '.[dlib]'
	@touch $@

$(VENV)/test.stamp: $(VENV)/run.stamp
	@echo "What checks, tests and the lab need, about 750 MB more ($(EXTRAS))"
	@sh tools/system-libraries.sh Xvfb
	@$(INSTALL) -e '.[$(EXTRAS)]'
	@touch $@
