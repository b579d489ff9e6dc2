# make run    the community with demo members on http://127.0.0.1:8000 (PORT=..., DEMO=0 for an empty one)
# make test   everything a change must pass
# make bench  what it costs (QUICK=1 for a look under a minute)
PORT ?= 8000
DEMO ?= 1

# Each is one process from start to end, so that Ctrl-C and kill reach the one who tidies up.
set_up = python=$$(sh tools/find-python.sh) && "$$python" -B -m tools.setup

run:
	@$(set_up) main && PORT='$(PORT)' DEMO='$(DEMO)' exec .venv/bin/python -P -m app.cli run --with-parent

test:
	@$(set_up) dev && exec .venv/bin/python -m tools.check

bench:
	@$(set_up) dev && exec .venv/bin/python -m bench

# Everything set up, nothing started.
setup:
	@$(set_up) dev

# The API's description and the client made from it, after a change of routes or schemas.
client: setup
	@.venv/bin/python -m tools.client

format: setup
	@.venv/bin/ruff format . && .venv/bin/ruff check --fix .

.PHONY: run test bench setup client format
