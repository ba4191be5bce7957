# make run    open the dashboard            make test      every check and test, the browser's included
# make demo   the same on an example        make unit      the fast tests: no pages, no browser
# make format tidy the code                 make coverage  which lines and branches no test reaches
# make test-browsers  the timer in Firefox and WebKit, where they are installed (3 min)
# make thorough       every test with far more examples
# make bench  measure the timer's drift (10 min) and the speed of the pages
# make docs   write the manual of the command line from its help texts
# make pins   write the requirements files from pyproject.toml

# The first Python that is new enough; PYTHON=... chooses another.
PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3.14 python3; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& { echo $$p; break; }; done)
BIN := .venv/bin
STREAMLIT := $(BIN)/python -m streamlit run app.py
# On every core, so one thread for each worker's algebra; a worker that is done takes over tests of another.
# The code is compiled once, not by each of the hundred processes, whatever the environment says.
PYTEST := OPENBLAS_NUM_THREADS=1 PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n logical --dist worksteal

.PHONY: run demo test test-browsers unit coverage thorough check lint browser bench docs format pins clean

run: .venv/run.stamp
	$(STREAMLIT)

demo: .venv/run.stamp
	$(BIN)/python -m tools.demo data/demo
	HOLDWELL_DATA=data/demo $(STREAMLIT)

# The types are checked beside the tests: that takes one core twenty seconds.
test: lint browser
	@$(BIN)/mypy >.venv/mypy.log 2>&1 & types=$$!; \
	$(PYTEST); tests=$$?; \
	wait $$types; types=$$?; cat .venv/mypy.log; exit $$((tests | types))

test-browsers: .venv/dev.stamp
	$(BIN)/python -m pytest -m other_browsers tests/browser/test_other_browsers.py

unit: .venv/dev.stamp
	$(PYTEST) tests/unit tests/tools

# Apart from the tests, since measuring doubles what they cost (before Python 3.14). A browser drives
# servers, which nothing measures.
coverage: .venv/dev.stamp
	$(PYTEST) --cov --cov-report=term:skip-covered tests/unit tests/tools tests/app

thorough: check browser
	$(PYTEST) --hypothesis-profile=thorough

check: lint
	$(BIN)/mypy

lint: .venv/dev.stamp
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports --no-cache

browser: .venv/dev.stamp
	sh tests/support/ensure_chromium.sh

bench: browser
	$(BIN)/python -m bench.timer
	$(BIN)/python -m bench.pages

docs: .venv/dev.stamp
	$(BIN)/python -m docs.write_help

format: .venv/dev.stamp
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "Holdwell needs Python 3.11 or newer: install it from python.org or your package manager, then run make again." >&2; exit 1; }
	@$(PYTHON) -m venv .venv || { rm -rf .venv; echo "Python cannot make a virtual environment. On Debian: apt install python3-venv, then run make again." >&2; exit 1; }

.venv/run.stamp: requirements.txt | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

.venv/dev.stamp: requirements-dev.txt requirements.txt .venv/run.stamp
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header

pins: | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==0.13.9
	$(COMPILE) pyproject.toml -o requirements.txt
	$(COMPILE) --extra dev pyproject.toml -o requirements-dev.txt

clean:
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis
