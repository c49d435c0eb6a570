# The commands of this repository. `make eval` and `make test` work on a fresh Debian machine with git, make, Node >= 20 and npm.
SHELL := /bin/bash
PNPM := npx -y pnpm@12.21.0
export TURBO_TELEMETRY_DISABLED := 1
export DO_NOT_TRACK := 1

.PHONY: eval eval-down up down install build lint typecheck test unit e2e e2e-distributed chaos bench generate clean

# --- try it -----------------------------------------------------------------------------------------------------------

eval: ## Install, build, start on 127.0.0.1:3001, take the tour
	@scripts/eval-up

eval-down: ## Stop what `make eval` started and remove its data
	@scripts/eval-down

up: ## Start the distributed system on this machine: Redis, PostgreSQL, two gateways, two of each worker
	@scripts/up

down: ## Stop what `make up` started
	@scripts/down

# --- work on it -------------------------------------------------------------------------------------------------------

install:
	@scripts/install

build: install
	@$(PNPM) -s build

generate: install
	@$(PNPM) -s generate

lint: install
	@$(PNPM) -s lint

typecheck: install
	@$(PNPM) -s typecheck

unit: install
	@$(PNPM) -s test --selectProjects unit

e2e: build
	@scripts/system-packages
	@$(PNPM) -s test --selectProjects e2e --runInBand

e2e-distributed: build ## The same scenarios against separate processes over Redis and PostgreSQL
	@scripts/system-packages
	@$(PNPM) -s test --selectProjects e2e-distributed --runInBand

chaos: build ## Faults for longer, at random moments: CHAOS_ROUNDS, CHAOS_SECONDS, CHAOS_SEED, CHAOS_ONLY="kill redis"
	@scripts/system-packages
	@scripts/chaos

test: ## Everything that must hold: set-up, lint, types, unit tests, end-to-end tests of both compositions in a real browser
	@scripts/test

bench: build
	@$(PNPM) -s --filter @expacti/bench start

clean:
	rm -rf .eval .turbo node_modules/.cache {apps,packages,sdks,bench,e2e}/**/dist
