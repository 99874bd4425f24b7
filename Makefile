# Every target sets up what it needs; `make` alone lists them.
# Empty: the Python of the environment that is there, else the first on PATH that is new enough.
PYTHON ?=
WORKERS ?= 4
MINUTES ?= 15
SEED ?= 1

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --quiet --quiet --disable-pip-version-check
# Says something only where what is installed does not fit together.
CHECK := report=$$($(BIN)/python -m pip --disable-pip-version-check check) || { echo "$$report"; exit 1; }
# A lock speaks of PyPI alone: what else this machine's pip or uv would look at is left out.
COMPILE := $(BIN)/uv pip compile --no-config --universal --python-version 3.11 \
	--generate-hashes --no-strip-extras --upgrade --quiet --custom-compile-command "make lock"

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: always help sandbox run test cover lint bench attacks chaos forged anywhen fresh lock settings clean

help:  ## List what can be made.
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

sandbox: $(VENV)/.runtime  ## Start the bot with a pretend Slack, on PORT or the next free port; no account is needed.
	@$(BIN)/coachbot sandbox $(if $(PORT),--port $(PORT))

run: $(VENV)/.runtime  ## Start the bot with the Slack of your settings; a file .env is read.
	@$(BIN)/coachbot run $(if $(wildcard .env),--env-file .env)

test: $(VENV)/.dev  ## Run all tests, several at once: some of them wait.
	@$(BIN)/python -m tests.prerequisites
	@$(BIN)/pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder --durations=25

cover: $(VENV)/.dev  ## Run all tests and print the branch coverage; it takes half as long again.
	@$(BIN)/python -m tests.prerequisites
	@$(BIN)/pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder --cov --cov-report=term

lint: $(VENV)/.dev  ## Check style, format, types and the direction of imports.
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/lint-imports

bench: $(VENV)/.dev  ## Measure speed and print the figures.
	@$(BIN)/python -m tests.bench

attacks: $(VENV)/.dev  ## Attack the real process as strangers could, and print how others are served.
	@$(BIN)/python -m tests.attacks

chaos: $(VENV)/.dev  ## Kill and freeze real replicas for MINUTES (15), then whole days, and count what went wrong.
	@$(BIN)/python -W ignore -m tests.chaos --minutes $(MINUTES) --seed $(SEED)
	@$(BIN)/python -W ignore -m tests.chaos --minutes $(MINUTES) --seed $(SEED) --database sqlite
	@$(BIN)/python -W ignore -m tests.chaos --days $$(awk 'BEGIN { print $(MINUTES) * 20 / 72 }') --seed $(SEED)

forged: $(VENV)/.dev  ## Send every made-up value to everything that is listened to, as each who may not; make test sends a sample.
	@FORGED=all $(BIN)/pytest --quiet tests/slack/test_forged.py

anywhen: $(VENV)/.dev build/libfaketime  ## Run the tests at other moments, in other places and slowly; ROWS="evening slow", TESTS=tests/slack.
	@$(BIN)/python -m tests.prerequisites
	@$(BIN)/python -m tests.anywhen --workers $(WORKERS) $(if $(ROWS),--rows $(ROWS)) $(if $(TESTS),--tests $(TESTS))

fresh: $(VENV)/.created  ## Try make sandbox and make test in a new clone; ONLY=sandbox or ONLY=test tries one.
	@$(BIN)/python tests/fresh.py $(if $(ONLY),--only $(ONLY))

lock: $(VENV)/.dev  ## Choose the newest versions of all dependencies and write both lock files.
	@$(COMPILE) pyproject.toml --extra build --output-file requirements.lock
	@$(COMPILE) pyproject.toml --extra build --extra dev --constraint requirements.lock --output-file requirements-dev.lock
	@$(COMPILE) tests/prerequisites/node.in --output-file tests/prerequisites/node.lock

settings: $(VENV)/.runtime  ## Write .env.example and the README's table of settings anew.
	@$(BIN)/python -m tests.settings_texts

clean:  ## Remove the virtual environment and everything that was made.
	@rm -rf $(VENV) .coverage .coverage.* .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache build dist *.egg-info
	@find bot storage tests -name __pycache__ -type d -prune -exec rm -rf {} +

# Built here: Debian's version 0.9.10 lets no Python sleep. Without a C compiler, the rows say so.
build/libfaketime: tests/anywhen.lock | $(VENV)/.dev
	@rm -rf $@
	@$(PIP) install --no-deps --no-binary libfaketime --no-build-isolation --require-hashes \
		--requirement tests/anywhen.lock --target $@ && touch $@ || echo "libfaketime can’t be built here."

$(VENV)/.created: always
	@scripts/venv.sh "$(VENV)" "$(PYTHON)"

$(VENV)/.runtime: requirements.lock pyproject.toml $(VENV)/.created
	@echo "Installing what the bot needs into $(VENV)."
	@$(PIP) install --no-compile --no-deps --require-hashes --requirement requirements.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@$(CHECK)
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.runtime
	@echo "Installing what tests and checks need into $(VENV)."
	@$(PIP) install --no-compile --no-deps --require-hashes --requirement requirements-dev.lock
	@$(CHECK)
	@touch $@
