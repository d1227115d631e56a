# Targets that a user or a contributor types. Each does its own set-up.
.PHONY: help deps build server demo test test-onednn3 lint micro bench clean

# Without debug information, which takes an eighth of the time; stack traces name functions all the same.
BUILD := swift build -c release -debug-info-format none

help: ## Say what can be made
	@grep -hE '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z0-9-]+):.*## /  \1\t/' | expand -t 18

deps: ## Install the Debian or Homebrew packages that are missing
	@Scripts/deps.sh

build: deps ## Build .build/release/sora
	$(BUILD) --product sora

server: deps ## Build .build/release/sora-server, which 'sora serve' runs
	$(BUILD) --product sora-server

demo: build ## Make videos, train on them, evaluate, embed, classify: a few minutes
	.build/release/sora demo

test: deps ## Run all tests
	$(BUILD) --build-tests
	swift test -c release -debug-info-format none --skip-build

test-onednn3: deps ## Run the network tests against oneDNN 3.x as well
	Scripts/onednn3.sh .build/onednn3
	SORA_ONEDNN_PREFIX=$(CURDIR)/.build/onednn3 swift test -c release --scratch-path .build-onednn3 --filter NeuralTests

lint: ## Check formatting and the rules that the compiler does not
	@Scripts/lint.sh

micro: deps ## Check what plans take to make and allocate, against Benchmarks/Micro/limits.json
	$(BUILD) --product micro-benchmarks
	.build/release/micro-benchmarks

bench: build micro ## Measure this machine; beside the peers where Benchmarks/peers/setup.sh was run
	Benchmarks/run.sh

clean: ## Remove everything that was built
	rm -rf .build .build-onednn3 sora-demo
