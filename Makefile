# An installed Go from 1.21 on fetches the toolchain that go.mod names, whatever the machine's default says.
export GOTOOLCHAIN := auto

# How long each fuzz target runs in `make fuzz`.
FUZZTIME ?= 1m
# How long a test binary may run before it is stopped with the stacks of its goroutines.
TIMEOUT ?= 8m
# What `make test` tests.
PKG ?= ./...

# Packages with tests that count allocations, which the race detector has of its own.
COUNTED := . ./parser/... ./engineio ./internal/event

# examples/routers is a module of its own, whose list follows ours. gin leaves out what it would need for msgpack.
ROUTERS := -mod=mod -tags nomsgpack

STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.8.2

.DEFAULT_GOAL := help
.PHONY: help run build test bench rivals microbench soak fuzz lint generate install

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## serve the chat on http://localhost:3000
	go run ./cmd/chatroom

build: ## build the chat as bin/chatroom
	go build -trimpath -o bin/chatroom ./cmd/chatroom

# Everything is compiled once, with the race detector: vet and the tests share that build.
test: install ## everything: format, vet, floors, tests with the race detector, interop, browsers
	@test/format.sh
	go vet -race $(PKG)
	REQUIRE_TOOLS=1 go test -race -timeout $(TIMEOUT) $(PKG)
	go test -count 1 -timeout $(TIMEOUT) -run 'Alloc|Costs?No|CostsFew|IsSmall' $(COUNTED)
	cd examples/routers && go vet -race $(ROUTERS) ./... && REQUIRE_TOOLS=1 go test -race $(ROUTERS) ./...

install: # what the tests need besides Go; quick when it is there already
	@test/install.sh

bench: rivals ## ours, Node's and Bun's server interleaved, as ratios; all of it goes into docs/performance.md (BENCH="-run echo -runs 5")
	go run ./bench -docs docs $(BENCH)

rivals: # what bench compares with, from npm
	@for folder in bench/rivals/node bench/rivals/bun; do \
		if ! test $$folder/node_modules/.package-lock.json -nt $$folder/package-lock.json; then \
			npm ci --prefix $$folder --no-audit --no-fund --loglevel error && touch $$folder/node_modules/.package-lock.json || exit 1; \
		fi; \
	done

microbench: ## micro-benchmarks, ten runs each, ready for benchstat
	go test -run '^$$' -bench . -benchmem -count 10 $(PKG)

soak: install ## the load tests, the attacks, Autobahn and the parsers side by side, at full size
	SOAK=1 REQUIRE_TOOLS=1 go test -count 1 -timeout 2h -v ./test/soak/... ./test/attack/... ./test/autobahn ./test/differential/... ./test/webtransport ./test/herd

fuzz: ## every fuzz target for FUZZTIME (1m)
	@test/fuzz.sh $(FUZZTIME)

lint: ## format, vet, staticcheck
	@test/format.sh
	go vet $(PKG)
	go run $(STATICCHECK) $(PKG)

generate: ## bundle the browser code again, and write out what the contracts say
	go generate ./...
