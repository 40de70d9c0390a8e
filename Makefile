# The commands of docs/operations.md. GNU make 3.81 or newer, POSIX sh.
PY = .venv/bin/python
.PHONY: run upper demo test lint fix bench soak lock run-packages dev-packages

run: run-packages
	@exec $(PY) -m config.run

upper: run-packages
	@exec $(PY) -m config.run --upper

demo: run-packages  # a fresh demonstration city for DATA_DIR; ends when it is loaded
	@exec $(PY) -m config.run --fresh-demo

test: dev-packages
	@sh config/test_needs.sh
	@$(PY) -m pytest tests

lint: dev-packages
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	.venv/bin/lint-imports
	$(PY) -m pytest tests/test_house.py -m lint

fix: dev-packages
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .
	SECRET_KEY=x DEMO=1 $(PY) manage.py glossary

bench: dev-packages
	@$(PY) -m benchmarks

soak: dev-packages
	@sh config/test_needs.sh
	@SOAK=1 $(PY) -m pytest tests -m soak

lock: dev-packages  # after a change of dependencies in pyproject.toml; needs uv
	uv pip compile pyproject.toml $(LOCK) -o requirements/run.txt
	uv pip compile pyproject.toml $(LOCK) --extra dev -o requirements/dev.txt
LOCK = --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url --quiet

run-packages:
	@sh config/bootstrap.sh run

dev-packages:
	@sh config/bootstrap.sh dev
