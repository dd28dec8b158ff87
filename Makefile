# Two commands on a fresh machine: `make demo` and `make test`. Everything lives in .venv.

PYTHON ?= python3
BIN := .venv/bin
PEERS := --system ours --system trafilatura --system readability-lxml --system resiliparse

.PHONY: demo test lint gate package bench fuzz train ballots schema regen clean

demo: .venv/installed
	$(BIN)/scraper demo -o output/demo

test: .venv/installed-dev
	$(BIN)/python -m pytest -q -n auto --dist loadfile

lint: .venv/installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

gate: .venv/installed-dev  ## quality on real pages against pinned floors; needs SCRAPER_CORPORA
	$(BIN)/python -m bench.gate

package:  ## the wheel works by itself, in an environment of its own
	rm -rf build/package && mkdir -p build/package
	$(PYTHON) -m venv build/package/venv
	build/package/venv/bin/pip wheel -q --no-deps -w build/package .
	build/package/venv/bin/pip install -q build/package/scraper-*.whl
	cd build/package && venv/bin/scraper doctor && venv/bin/scraper demo > demo.txt && tail -n 1 demo.txt

bench: .venv-bench/installed .venv/installed-dev  ## tables beside the peers; needs SCRAPER_CORPORA
	.venv-bench/bin/python -m bench.quality --jobs 2 $(PEERS) --system ours-unseen --system trafilatura-precision -o bench/results/quality.md
	.venv-bench/bin/python -m bench.metadata --jobs 2 -o bench/results/metadata.md
	.venv-bench/bin/python -m bench.speed $(PEERS) --system ours-text -o bench/results/speed.md
	.venv-bench/bin/python -m bench.speed --stages -o bench/results/stages.md
	$(BIN)/python -m bench.size -o bench/results/size.md
	.venv-bench/bin/python -m bench.crawl.throughput -o bench/results/crawl.md
	.venv-bench/bin/python -m bench.crawl.throughput --latency-ms 10 -o bench/results/crawl.md
	.venv-bench/bin/python -m bench.readme

SECONDS ?= 60
fuzz: .venv/installed-dev  ## looks for pages that break a promise; with atheris where it installs
	$(BIN)/pip install -q -e '.[fuzz]' || echo "no atheris here: spoiled fixtures instead"
	$(BIN)/python fuzz/extract.py --seconds $(SECONDS)

train: .venv-train/installed  ## the block model anew, into scraper/data/model; needs SCRAPER_CORPORA
	.venv-train/bin/python -m train

ballots: .venv-train/installed  ## the votes of title, authors and dates anew; needs SCRAPER_CORPORA
	.venv-train/bin/python -m train.metadata

schema: .venv/installed  ## after a change of scraper/model.py
	$(BIN)/python -c "from scraper import schema; print(schema.generate(), end='')" > build.tmp
	mv build.tmp scraper/data/schema/article-1.0.json

regen: .venv/installed-dev  ## rewrite the golden records and print what changed
	$(BIN)/python -m pytest -q tests/test_golden.py --regen

clean:
	rm -rf .venv .venv-bench .venv-train build *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache

.venv/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed: make PYTHON=/path/to/python3.11 ..."; exit 1; }
	$(PYTHON) -m venv .venv
	touch $@

.venv/installed: .venv/python setup.cfg
	$(BIN)/pip install -q -e .
	touch $@

# The peers change what scraper's own dependencies resolve to: they have an environment of their own.
.venv-bench/installed: setup.cfg
	$(PYTHON) -m venv .venv-bench
	.venv-bench/bin/pip install -q --upgrade pip  # pip 23.2 fails on newspaper4k's lxml[html-clean]
	.venv-bench/bin/pip install -q -e '.[bench]'
	touch $@

# Only training needs torch, which is large; its build without CUDA is enough.
.venv-train/installed: setup.cfg
	$(PYTHON) -m venv .venv-train
	.venv-train/bin/pip install -q -e '.[train]'
	touch $@

.venv/installed-dev: .venv/python setup.cfg
	$(BIN)/pip install -q -e '.[dev]'
	touch $@ .venv/installed
