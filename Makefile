# Everything starts here: `make` lists the targets. Each one sets itself up.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready
SITE   := _build/html
# Both cores for the tests; the numerical libraries then take one thread each.
WORKERS ?= 2
# What `make grade` grades, and the folder that holds solutions/, submitted/ and the gradebook.
ASSIGNMENT ?= language_models
COURSE     ?= .

.DEFAULT_GOAL := help
.PHONY: help book pdf serve lab teach pictures test exercises experiments grade bench clean lint

help:  ## list the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

# An environment without the file that says it is ready is one whose set-up was interrupted: it is made again.
$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "\
	This book needs Python 3.11 or newer, and '$(PYTHON)' is $$($(PYTHON) --version 2>&1 || echo not one)." \
	"Name another: make book PYTHON=python3.12" >&2; exit 1; }
	$(PYTHON) -m venv $$(test -e $@ || echo --clear) $(VENV)
	@rm -f $@
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --use-pep517 -c constraints.txt -e ".[book,grading,data,hub,tasks,dev]"
	@touch $@

# Sphinx repeats the warnings of a page only when it reads the page again, so a failed build must not be resumed.
# Pages run side by side, one thread each.
book pdf test: export OMP_NUM_THREADS = 1
book: $(READY)  ## execute every page and write the site to _build/html (PAGES="concepts/attention": that page alone, to _build/pages)
ifdef PAGES
	@contents=$$(PYTHONPATH=chapters $(BIN)/python -m _sphinx.some_pages $(PAGES)) && \
		PAGES="$(PAGES)" $(BIN)/jupyter-book build . -W --keep-going --toc "$$contents" --path-output _build/pages || \
		{ rm -rf _build/pages/_build/.doctrees; exit 1; }
	@for page in $(PAGES); do echo "file://$(CURDIR)/_build/pages/_build/html/chapters/$${page#chapters/}.html"; done
else
	@$(BIN)/jupyter-book build . -W -n --keep-going || { rm -rf _build/.doctrees; exit 1; }
	@echo "The book: file://$(CURDIR)/$(SITE)/index.html. To serve it at http://localhost:8000: make serve"
endif

pdf: book  ## print the pages to _build/pdf/book.pdf and the API reference to reference.pdf; needs Chromium
	@$(BIN)/jupyter-book build . -W -n --keep-going --builder singlehtml || { rm -rf _build/.doctrees; exit 1; }
	@PYTHONPATH=chapters $(BIN)/python -m _sphinx.printing

serve: book  ## serve the site at http://localhost:8000
	$(BIN)/python -m http.server 8000 --bind 127.0.0.1 --directory $(SITE)

test: export STRICT_CLAIMS = 1
test: $(READY) book  ## check everything: style, types, layers, code, book, exercises, grading
	$(MAKE) lint
	OMP_NUM_THREADS=1 $(BIN)/pytest -q -n $(WORKERS) --dist loadscope --durations 15

lint: $(READY)  ## check style, types and layers
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# The exercises are all that a student sees. What nbgrader needs to know is in nbgrader_config.py, in this folder.
lab: $(READY)  ## open the exercises in JupyterLab, at the guide that lists them
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/jupyter lab --ServerApp.root_dir=exercises exercises/guide.ipynb

teach: $(READY)  ## open the whole course in JupyterLab, for marking in the formgrader (COURSE=.)
	cd "$(COURSE)" && PATH="$(CURDIR)/$(BIN):$$PATH" jupyter lab

pictures: book  ## take the pictures of the README and of the student's and the instructor's guide again
	PICTURES=chapters/teaching $(BIN)/pytest -q tests/browser/test_lab.py tests/browser/test_formgrader.py
	PICTURES=chapters/teaching $(BIN)/pytest -q tests/browser/test_site.py -k figure

grade: $(READY)  ## grade submitted/*/ASSIGNMENT/ and write feedback/ and grades.csv (ASSIGNMENT=language_models COURSE=.)
	@$(BIN)/python -m lmkit.grading $(ASSIGNMENT) --course "$(COURSE)"

exercises: $(READY)  ## make the students' notebooks in exercises/ from solutions/; one that differs is kept beside the new one (VARIANT=3: other numbers)
	@$(BIN)/python -m lmkit.grading.release $(if $(VARIANT),--variant $(VARIANT))

# Their results are committed, and the pages read them.
experiments: $(READY)  ## run the experiments of chapters/_experiments in full and write their results (hours)
	for program in chapters/_experiments/*.py; do OMP_NUM_THREADS=1 $(BIN)/python $$program || exit 1; done

bench: $(READY)  ## measure speed and memory beside the peers (minutes; on a quiet machine)
	for name in storyworld tokenization cleaning training number_formats loss_curve decoding compression tasks chain_of_thought; do $(BIN)/python -m benchmarks.$$name || exit 1; done

clean:  ## remove the environment and everything that was built; never anybody's work
	rm -rf $(VENV) _build build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache .nbgrader.log
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
