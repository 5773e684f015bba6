# `make run` and `make test` need nothing but make and Python 3.11 or newer.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# pip without its resolver: the lock is complete, and pip 23 trips over extras in hash mode.
INSTALL := $(BIN)/python -m pip --disable-pip-version-check install --quiet --no-deps
export PIP_NO_WARN_SCRIPT_LOCATION = 1

.PHONY: help run test test-ahead lint check bench bench-polls bench-hosts bench-archive bench-clean newsroom lock clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/'

run: $(VENV)/.ready ## let the schedule run once over the fixture newsroom, and ask a first question
	@$(BIN)/python -m tests.newsroom.tour

newsroom: $(VENV)/.ready ## serve the fixture newsroom until stopped
	@$(BIN)/python -m tests.newsroom

# Without byte code each of the many processes would take 1 s more to import Prefect: 2.0 s instead of 1.1 s.
test: export PYTHONDONTWRITEBYTECODE =
test: $(VENV)/.ready-dev ## run all tests
	$(BIN)/python -m pytest --numprocesses 4 --dist loadfile --no-loadscope-reorder $(PYTEST_ARGS)

test-ahead: $(VENV)/.ready-dev ## run the tests of one process with the clock 400 days ahead: none may know today's date
	PRESSWATCH_TEST_DAYS_AHEAD=400 $(BIN)/python -m pytest --numprocesses 2 tests/test_newsroom_articles.py \
	  tests/pipelines/dates tests/pipelines/discover tests/pipelines/clean/test_timestamps.py

lint: $(VENV)/.ready-dev ## ruff, mypy and the import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

check: lint test ## what CI runs

bench: $(VENV)/.ready-dev ## measure throughput against a plain script, as ratios in one run
	$(BIN)/python -m benchmarks.ingest

bench-polls: $(VENV)/.ready-dev ## measure 300 unchanged feeds and a run in which nothing is due
	$(BIN)/python -m benchmarks.polls

bench-hosts: $(VENV)/.ready-dev ## measure 500 hosts with one article each at 200 ms latency, at their own pace
	$(BIN)/python -m benchmarks.hosts

bench-archive: $(VENV)/.ready-dev ## measure archiving, reading archives and cleaning again, with 1 and 2 workers
	$(BIN)/python -m benchmarks.archive

bench-clean: $(VENV)/.ready-dev ## score the cleaner and plain trafilatura on the saved pages in CORPUS=folder
	$(BIN)/python -m benchmarks.clean_score $(CORPUS)

lock: $(VENV)/.ready-dev ## resolve the dependencies anew (needs uv)
	uv pip compile pyproject.toml --group build --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-emit-find-links --no-annotate --upgrade --quiet --output-file requirements.lock
	uv pip compile pyproject.toml --group build --group dev --constraint requirements.lock --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --upgrade --quiet --output-file .ci/requirements.lock

clean: ## remove the environment and the data of `make run`
	rm -rf $(VENV) data

$(VENV)/.ready: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Presswatch needs Python 3.11 or newer; name one with make PYTHON=python3.11" >&2; exit 2; }
	@echo "Installing into $(VENV) (once) …" >&2
	@$(PYTHON) -m venv $(VENV)
	@$(INSTALL) --require-hashes -r requirements.lock
	@$(INSTALL) --no-build-isolation --editable .
	@touch $@

$(VENV)/.ready-dev: $(VENV)/.ready .ci/requirements.lock
	@$(INSTALL) --require-hashes -r .ci/requirements.lock
	@touch $@
