# Everything starts here: `make` lists the targets. Each one sets itself up.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready
SITE   := _build/html
# Both cores for the tests; the numerical libraries then take one thread each.
WORKERS ?= 2

.DEFAULT_GOAL := help
.PHONY: help book serve lab test exercises grade bench clean lint unit

help:  ## list the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

$(READY): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[book,grading,data,hub,dev]"
	@touch $@
