# Needs Python 3.11 or newer, pip and make; everything else is installed into .venv.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin

.PHONY: app test check fix benchmark endurance families screenshots clean

app: $(VENV)/app.done             ## open the dashboard; CONFIG=config/hosted.toml for many people
	$(BIN)/llm-tt app $(if $(CONFIG),--settings $(CONFIG))

test: $(VENV)/test.done           ## run all tests
	$(BIN)/python -m pytest

check: $(VENV)/dev.done           ## lint, types, import rules
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

fix: $(VENV)/dev.done             ## format, and mend what can be mended
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

benchmark: $(VENV)/test.done      ## measure speed
	$(BIN)/python -m pytest -o addopts=--import-mode=importlib -m benchmark -s tests/benchmarks

endurance: $(VENV)/test.done      ## two browsers, 20 minutes: nothing wrong, nothing that grows (needs Chromium)
	$(BIN)/python -m pytest -o addopts=--import-mode=importlib -m endurance -s tests/endurance

families: $(VENV)/test.done       ## write the README's table of families
	$(BIN)/python -m tests.families.table

screenshots: $(VENV)/test.done    ## take the documents' pictures anew, light and dark (needs Chromium)
	$(BIN)/python -m tests.end_to_end.pictures

clean:
	rm -rf $(VENV) build dist *.egg-info

# One stamp an extra: a second run has nothing to do until the pinned set or the package's metadata changes.
$(VENV)/app.done: pyproject.toml constraints.txt
	@$(MAKE) --no-print-directory install EXTRA= STAMP=$@

$(VENV)/test.done: pyproject.toml constraints.txt
	@$(MAKE) --no-print-directory install EXTRA=[test] STAMP=$@

$(VENV)/dev.done: pyproject.toml constraints.txt
	@$(MAKE) --no-print-directory install EXTRA=[dev] STAMP=$@

.PHONY: install
install:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "llm_tt needs Python 3.11 or newer; name one with: make app PYTHON=python3.12"; exit 1; }
	@echo "Installing into $(VENV): the first time this takes a few minutes."
	@test -x $(BIN)/pip || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ".$(EXTRA)"
	@touch $(STAMP)
