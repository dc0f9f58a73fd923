# Everything a person needs: `make run` to use it, `make test` to check it. Each installs what is missing
# into .venv and leaves a stamp there, so that a second call starts at once.

VENV := .venv
BIN := $(VENV)/bin
# Options passed on: make run RUN="--port 9000", make test TESTS="tests/domain -k scoring"
RUN ?=
TESTS ?=
# More than the cores of a small machine: browsers and servers are waited for.
JOBS ?= 3

# Whatever the environment says: a command that starts would compile itself and all it uses anew, and tests start many.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help run install test lint types imports check tools faults bench lighthouse pictures security words format lock clean
.DELETE_ON_ERROR:

help:  ## Show this list.
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

run: $(VENV)/.installed  ## Install what is missing, load the demo, start on http://localhost:8000.
	@$(BIN)/clinic-audit serve --demo $(RUN)

install: $(VENV)/.installed  ## Make .venv/bin/clinic-audit, with the exact versions of requirements.lock.

# Programs come over the network while types are checked.
test: $(VENV)/.tested  ## Format, lint, types, import contracts, then every test (browser and PDF too).
	@$(MAKE) --no-print-directory -j 2 lint types imports tools
	@$(BIN)/pytest -n $(JOBS) --dist loadfile --no-loadscope-reorder $(TESTS)

lint: $(VENV)/.tested
	@echo "== format and lint"
	@$(BIN)/ruff format --check --quiet . || { $(BIN)/ruff format --diff --quiet .; echo "make format mends this"; exit 1; }
	@$(BIN)/ruff check --quiet .

# In a fresh clone pytest compiles the tests meanwhile, once: else each of its workers does, and takes as long as mypy.
types: $(VENV)/.tested
	@echo "== types"
	@test -e tests/__pycache__ || $(BIN)/pytest --collect-only -qq >/dev/null 2>&1 & \
	  $(BIN)/mypy; found=$$?; wait; exit $$found

imports: $(VENV)/.tested
	@echo "== import contracts"
	@$(BIN)/lint-imports

check: $(VENV)/.tested lint types imports  ## The quick part of `make test`: no browser, no PDF, no wheel.
	@$(BIN)/pytest -n $(JOBS) --dist loadfile tests/domain tests/store tests/forms tests/operations

tools: $(VENV)/.tested
	@echo "== tools for the browser and PDF tests"
	@sh tests/tools/install.sh $(BIN)

faults: $(VENV)/.tested  ## Shoot at a real server: 500 kill -9, crash points, a full disk. Ten minutes.
	@CLINIC_AUDIT_FAULTS=long $(BIN)/pytest -s -v tests/faults

bench: $(VENV)/.benched  ## Measure: pages, PDFs beside another engine, 200,000 inspections in the database.
	@sh tests/tools/install.sh $(BIN) weasyprint
	@for script in tests/bench/bench_*.py; do echo "== $$script"; $(BIN)/python $$script || exit 1; done

lighthouse: $(VENV)/.tested tools  ## Lighthouse on five pages of the demo; needs node and npm.
	@test -e tests/lighthouse/node_modules || npm ci --prefix tests/lighthouse --ignore-scripts --no-audit --no-fund --loglevel=error
	@$(BIN)/python -m tests.lighthouse.measure

security: $(VENV)/.tested $(VENV)/security/.installed  ## Look for holes: scanners, a thousand changes, made-up requests. Twenty minutes.
	@test -e tests/security/node_modules || npm ci --prefix tests/security --ignore-scripts --no-audit --no-fund --loglevel=error
	@CLINIC_AUDIT_SECURITY=long $(BIN)/pytest -n $(JOBS) tests/security tests/operations/test_verify.py
	@$(BIN)/python -m tests.security.check

pictures: $(VENV)/.tested tools  ## Make the README's pictures and the sample PDF anew, from the demo.
	@$(BIN)/python -m tests.pictures.make

words: $(VENV)/.tested  ## Bring the catalogues of other languages up to date with what the product says.
	@$(BIN)/python -m tests.languages.extracting

format: $(VENV)/.tested  ## Bring the code into the house style.
	@$(BIN)/ruff check --quiet --fix . ; $(BIN)/ruff format .

clean:  ## Remove .venv and every cache; what people entered stays.
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache tests/results
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# --- installing ---------------------------------------------------------------------------------------

# Quietly with uv when it is there and works, else with pip; hashes are checked by both.
define get
	@{ test -x $(BIN)/uv && $(BIN)/uv pip install --quiet --python $(BIN)/python $(1); } \
	  || $(BIN)/python -m pip install --quiet --disable-pip-version-check $(1)
endef

# The interpreter is looked for only when there is no .venv yet.
$(VENV)/.made:
	@set -e; for python in $$PYTHON python3 python3.14 python3.13 python3.12 python3.11 python; do \
	  if $$python -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	    echo "== making $(VENV) with $$python"; $$python -m venv $(VENV); break; fi; done; \
	  test -x $(BIN)/python || { echo "clinic-audit needs Python 3.11 or newer with venv (Debian: apt-get install python3-venv)"; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --only-binary :all: --require-hashes \
	  -r tests/tools/uv.lock || echo "uv cannot be had here; pip does it, more slowly"
	@touch $@

$(VENV)/.installed: $(VENV)/.made requirements.lock tests/tools/build.lock pyproject.toml
	@echo "== installing what clinic-audit needs"
	$(call get,--require-hashes -r requirements.lock)
	$(call get,--require-hashes -r tests/tools/build.lock)
	$(call get,--no-deps --no-build-isolation --editable .)
	@touch $@

$(VENV)/.tested: $(VENV)/.installed tests/requirements.lock
	@echo "== installing what its tests need"
	$(call get,--require-hashes -r tests/requirements.lock)
	@touch $@

$(VENV)/.benched: $(VENV)/.tested tests/bench/requirements.lock
	@echo "== installing what its measurements need"
	$(call get,--require-hashes -r tests/bench/requirements.lock)
	@touch $@

$(VENV)/security/.installed: $(VENV)/.made tests/security/requirements.lock
	@echo "== installing what looks for holes"
	@$(BIN)/python -m venv --without-pip $(VENV)/security
	@{ test -x $(BIN)/uv && $(BIN)/uv pip install --quiet --python $(VENV)/security/bin/python --require-hashes -r tests/security/requirements.lock; } \
	  || $(BIN)/python -m pip --python $(VENV)/security/bin/python install --quiet --require-hashes -r tests/security/requirements.lock
	@touch $@

# --- lock files ---------------------------------------------------------------------------------------

# For every platform at once, hashes of every file, and nothing of the machine that made them.
COMPILE = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
  --no-header --no-annotate --no-emit-index-url --no-emit-find-links $(UPGRADE)

lock: $(VENV)/.made  ## Write the lock files anew; `make lock UPGRADE=--upgrade` takes newer versions.
	$(COMPILE) pyproject.toml -o requirements.lock
	$(COMPILE) pyproject.toml --group dev -c requirements.lock -o tests/requirements.lock
	$(COMPILE) --group pyproject.toml:build -c tests/requirements.lock -o tests/tools/build.lock
	$(COMPILE) --group pyproject.toml:bench -c tests/requirements.lock -o tests/bench/requirements.lock
	$(COMPILE) --group pyproject.toml:security -c requirements.lock -o tests/security/requirements.lock
	$(COMPILE) --group pyproject.toml:uv -o tests/tools/uv.lock
