# Two commands are enough for a newcomer: `make demo` and `make test`. Both build what they need.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
V := .venv/bin
# Most tests wait for processes to answer. Files stay whole, they share what is slow to start, and keep their order.
PYTEST := $(V)/python -m pytest -q -n 2 --dist loadfile --no-loadscope-reorder
CATALOGUES := $(wildcard src/wakeel/web/locale/*/LC_MESSAGES/*.po)
export PYTHONUTF8 := 1
export LC_ALL := C.UTF-8
# Hundreds of processes start in a test run: without kept bytecode a third of their start is compiling.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: env demo test lint check lock soak soak-ingest soak-send soak-chaos soak-month fuzz browser bench-decide bench-audience bench-ingest bench-send \
  bench-live bench-search bars

env: .venv/.ready

.venv/.ready: requirements/dev.txt requirements/uv.txt pyproject.toml hatch_build.py $(CATALOGUES)
	test -x $(V)/python || python3 -m venv .venv
	$(V)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/uv.txt
	$(V)/uv pip sync -q --system-certs --require-hashes --compile-bytecode requirements/dev.txt
	$(V)/uv pip install -q --no-deps --no-build-isolation -e .
	touch $@

demo: env
	@exec $(V)/wakeel demo

# Fast enough for every commit.
check: lint
	$(PYTEST) tests/domain tests/whatsapp tests/flows tests/docs -m 'not processes' --deselect tests/flows/test_stateful.py

lint: env
	$(V)/ruff check src tests benchmarks hatch_build.py docs
	$(V)/ruff format --check src tests benchmarks hatch_build.py docs | tail -n 5
	$(V)/mypy
	$(V)/lint-imports --no-cache

# Chromium is Debian's: the browser tests drive the one that people have, not a download of their own.
browser:
	@command -v chromium >/dev/null || \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium fonts-noto-core >/dev/null; \
	else echo "no chromium, browser tests are skipped: apt-get install chromium fonts-noto-core"; fi

# What waits longest for processes begins first, so that nobody waits for it at the end. On PostgreSQL runs what the
# database decides about: crashes, claims, locks, races, orders, indexes. SOAKED: runs there or changes seldom; on SQLite
# `make soak` has it, with the scenarios of single failure rows, and everything else on PostgreSQL.
SOAKED := tests/crash/test_worker_killed.py tests/crash/test_web_killed.py tests/store/test_ledger_race.py \
  tests/web/test_webhook.py tests/simulator/test_restart.py tests/simulator/test_serve.py tests/flows/test_xlsx.py \
  tests/walks/test_import.py tests/test_cli_replay.py tests/test_cli_export.py tests/test_cli_templates.py \
  tests/simulator/test_phones_page.py
DECIDED_BY_DATABASE := tests/crash tests/web/test_webhook.py tests/worker tests/store \
  $(wildcard tests/flows/*_race.py) $(patsubst %,tests/flows/test_%.py,approve_batch deferred dispatch_outbox \
  erasure_bytes exactly_once identity meetings record_sends record_status route_batch send_brief stop_scopes \
  take_decision team typed_answers undo vote)
test: lint browser
	$(PYTEST) -n 4 tests/rehearsal tests/crash tests/walks tests/browser tests/web tests/test_demo.py \
	  tests/test_demo_reset.py tests/simulator tests/worker tests/store tests $(SOAKED:%=--ignore %)
	WAKEEL_TEST_DB=postgresql $(PYTEST) -n 3 $(DECIDED_BY_DATABASE) --ignore tests/worker/test_supervisor.py

# Minutes, random seeds: before a release, not on every commit.
soak: env soak-chaos soak-month
	HYPOTHESIS_PROFILE=soak $(PYTEST) --timeout=3600 tests/domain tests/flows tests/whatsapp tests/rehearsal \
	  tests/browser $(SOAKED)
	HYPOTHESIS_PROFILE=soak WAKEEL_TEST_DB=postgresql $(PYTEST) --timeout=3600 tests/rehearsal tests/walks tests/web
	WAKEEL_TEST_DB=postgresql $(PYTEST) tests/flows

# Coverage-guided, a minute; its tool is not part of the project's environment.
fuzz: env
	test -x .venv/fuzz/bin/python || python3 -m venv .venv/fuzz
	$(V)/uv pip sync -q --system-certs --require-hashes --python .venv/fuzz/bin/python requirements/fuzz.txt
	.venv/fuzz/bin/python -m tests.fuzz.decode_with_atheris

# Figures; each prints one JSON line a run, its docstring says of what.
bench-decide: env
	$(V)/python -m benchmarks.decide

bench-audience: env
	$(V)/python -m benchmarks.audience

bench-ingest: env
	$(V)/python -m benchmarks.ingest $(if $(QUICK),--quick)

bench-send: env
	$(V)/python -m benchmarks.send $(if $(QUICK),--quick)

bench-live: env
	$(V)/python -m benchmarks.live

bench-search: env
	$(V)/python -m benchmarks.search --database both

# The bars of the screens: limit and measured value of each, on a machine that does nothing else.
bars: env browser
	$(V)/python -m benchmarks.bars $(if $(ONLY),--only $(ONLY)) $(if $(RUNS),--browser-runs $(RUNS))

# Two hundred times kill -9, with work in flight.
soak-ingest: env
	$(V)/python -m benchmarks.soak_ingest $(if $(KILLS),--kills $(KILLS)) $(if $(SEED),--seed $(SEED)) \
	  $(if $(DATABASE),--database $(DATABASE))

soak-send: env
	$(V)/python -m benchmarks.soak_send $(if $(KILLS),--kills $(KILLS)) $(if $(SEED),--seed $(SEED)) \
	  $(if $(DATABASE),--database $(DATABASE))

# Fifty seeds in a row on each database.
soak-chaos: env
	$(V)/python -m benchmarks.soak_chaos $(if $(SEEDS),--seeds $(SEEDS)) $(if $(DATABASE),--database $(DATABASE))

# A team's month on one database, in business time; prints what it cost.
soak-month: env
	$(V)/python -m benchmarks.month $(if $(QUICK),--quick) $(if $(SEED),--seed $(SEED)) $(if $(DATABASE),--database $(DATABASE))

lock: env
	UV_CUSTOM_COMPILE_COMMAND="make lock" $(V)/uv pip compile requirements/fuzz.in --universal --generate-hashes \
	  --no-emit-index-url -q -o requirements/fuzz.txt
	UV_CUSTOM_COMPILE_COMMAND="make lock" $(V)/uv pip compile benchmarks/peers/pywa.in --universal --generate-hashes \
	  --no-emit-index-url -q -o benchmarks/peers/pywa.txt
	UV_CUSTOM_COMPILE_COMMAND="make lock" $(V)/uv pip compile benchmarks/peers/dbos.in --universal --generate-hashes \
	  --no-emit-index-url -q -o benchmarks/peers/dbos.txt
	UV_CUSTOM_COMPILE_COMMAND="make lock" $(V)/uv pip compile requirements/uv.in --universal --generate-hashes \
	  --no-emit-index-url -q -o requirements/uv.txt
	UV_CUSTOM_COMPILE_COMMAND="make lock" $(V)/uv pip compile pyproject.toml --universal --generate-hashes \
	  --no-emit-index-url -q -o requirements/run.txt
	UV_CUSTOM_COMPILE_COMMAND="make lock" $(V)/uv pip compile pyproject.toml --group dev --universal --generate-hashes \
	  --no-emit-index-url -q -c requirements/run.txt -o requirements/dev.txt
