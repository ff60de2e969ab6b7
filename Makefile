.PHONY: help build demo test race fuzz bench clean
export CGO_ENABLED = 0
WRIT = ./writ
FUZZTIME ?= 30s

help: ## this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*##/\t/'

build: ## the one binary, ./writ
	@go build -trimpath -o $(WRIT) ./cmd/writ

demo: build ## build, make a hospital's network, judge it, and say where to look
	@$(WRIT) demo

test: ## what CI runs: tools, format, vet, every test, law tests included
	@sh scripts/test-tools.sh
	@bad=$$(gofmt -l .); if [ -n "$$bad" ]; then echo "not formatted: $$bad"; exit 1; fi
	go vet ./...
	go test ./...

race: ## every test under the race detector (wants gcc)
	CGO_ENABLED=1 go test -race ./...

fuzz: ## every parser, FUZZTIME each
	@sh scripts/fuzz.sh $(FUZZTIME)

bench: build ## speed as ratios to peers in the same run
	@sh scripts/bench.sh

clean: ## what a build leaves
	rm -f $(WRIT)
