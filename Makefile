# Two commands: `make run`, `make test`. `make help` lists the rest.
.DEFAULT_GOAL := help
.PHONY: docs setup run test test-long check bench clean help lock setup-browser setup-servers

# Where Python is told to keep no bytecode, each of our processes and each of pytest's would compile
# all of its modules anew: 8 s for each of pytest's. `make clean` takes it away.
unexport PYTHONDONTWRITEBYTECODE

python := .venv/bin/python
with_run := .venv/.with-run
with_tests := .venv/.with-tests

setup: ## install what `make run` needs: Python packages, and the servers if they are missing
	@$(MAKE) -s --no-print-directory -j2 setup-servers $(with_run)

run: setup ## start everything in the foreground; Ctrl-C stops it all
	@exec $(python) -m deploy.local up

test: setup $(with_tests) setup-browser ## run the tests, against the real servers
	$(python) -m pytest -q -m "not long" -n 4 --shares

test-long: setup $(with_tests) setup-browser ## run the full-size variants
	$(python) -m pytest -q -m long --timeout 1800

check: $(with_tests) ## style, types, and who may import whom
	.venv/bin/ruff check .
	.venv/bin/mypy
	.venv/bin/lint-imports

bench: setup $(with_tests) ## measure, with raw baselines beside
	$(python) -m tests.bench

clean: ## remove this checkout's data and caches; the installation (.venv) stays
	@if [ -e .data/.lock ] && ! flock -n .data/.lock true; then \
		echo "En kopia körs i .data: stoppa den först · A copy runs in .data: stop it first" >&2; exit 1; fi
	rm -rf .data build *.egg-info .pytest_cache .hypothesis .mypy_cache .ruff_cache .import_linter_cache
	@find . -path ./.venv -prune -o -name __pycache__ -type d -print0 | xargs -0 rm -rf

lock: $(with_run) ## pin the dependencies anew, with hashes and without any address
	@cd deploy/requirements && for name in bootstrap run test; do \
		../../.venv/bin/uv pip compile -q --universal --python-version 3.11 --generate-hashes \
			--no-emit-index-url --no-header $$name.in -o $$name.txt; done

docs: $(with_tests) ## write what is generated: event documents, and production's manifests
	$(python) -m deploy.documents

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1|/p' Makefile | while IFS='|' read -r name what; do \
		printf 'make %-14s %s\n' "$$name" "$$what"; done

setup-servers: ## install RabbitMQ and libcurl4 when they are missing
	@deploy/setup/servers.sh

setup-browser: ## install chromium for tests/browser when it is missing
	@mkdir -p .venv && deploy/setup/browser.sh .venv/.looked-for-browser

$(with_run): deploy/requirements/bootstrap.txt deploy/requirements/run.txt pyproject.toml
	@deploy/setup/python.sh run
	@touch $@

$(with_tests): $(with_run) deploy/requirements/test.txt
	@deploy/setup/python.sh test
	@touch $@
