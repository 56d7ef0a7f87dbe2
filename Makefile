# Two commands are enough for a newcomer: `make demo` and `make test`. Both build what they need.
V := .venv/bin
export PYTHONUTF8 := 1
export LC_ALL := C.UTF-8

.PHONY: env demo test check lock soak messages browser bars

env: .venv/.ready

.venv/.ready: requirements/dev.txt requirements/uv.txt pyproject.toml hatch_build.py $(wildcard src/wakeel/web/locale/*/LC_MESSAGES/*.po)
	test -x $(V)/python || python3 -m venv .venv
	$(V)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/uv.txt
	$(V)/uv pip sync -q --require-hashes requirements/dev.txt
	$(V)/uv pip install -q --no-deps --no-build-isolation -e .
	touch $@

demo: env
	@exec $(V)/wakeel demo

check: env
	$(V)/ruff check src tests benchmarks
	$(V)/ruff format --check src tests benchmarks | tail -n 5
	$(V)/mypy
	$(V)/lint-imports --no-cache >/dev/null || $(V)/lint-imports --no-cache
	$(V)/python -m pytest -q -n 2 tests/domain tests/whatsapp tests/store tests/flows

browser: env
	@command -v chromium >/dev/null || { \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium fonts-noto-core >/dev/null; \
	  else echo "no chromium: browser tests are skipped (apt-get install chromium fonts-noto-core)"; fi; }

test: env browser
	$(V)/ruff check src tests benchmarks
	$(V)/ruff format --check src tests benchmarks | tail -n 5
	$(V)/mypy
	$(V)/lint-imports --no-cache
	$(V)/python -m pytest -q
	WAKEEL_TEST_DB=postgresql $(V)/python -m pytest -q tests/store tests/flows tests/worker tests/walks

lock:
	UV_CUSTOM_COMPILE_COMMAND="make lock" $(V)/uv pip compile requirements/uv.in --universal --generate-hashes --no-emit-index-url -q -o requirements/uv.txt
	UV_CUSTOM_COMPILE_COMMAND="make lock" $(V)/uv pip compile pyproject.toml --universal --generate-hashes --no-emit-index-url -q -o requirements/run.txt
	UV_CUSTOM_COMPILE_COMMAND="make lock" $(V)/uv pip compile pyproject.toml --group dev --universal --generate-hashes --no-emit-index-url -q -c requirements/run.txt -o requirements/dev.txt

soak: env
	$(V)/python -m pytest -q tests/flows tests/domain --hypothesis-profile=soak
