.PHONY: build test
export CGO_ENABLED=0

build: ## build the one binary
	go build -trimpath -o writ ./cmd/writ

test: ## what CI runs
	go vet ./...
	go test ./...
