# The two commands of the README, and what developers of the harness need beside them.

.PHONY: check test bless bench lint setup

# The main job, on the reference models.
check: setup
	cargo run --quiet --package diesel-drift-cli -- check

# Every test. With cargo-nextest where it is installed, because each test is a process of its own then.
test:
	@scripts/setup tests
	cargo test --quiet --workspace --all-features --doc
	@if cargo nextest --version >/dev/null 2>&1; then \
		echo "cargo nextest run --workspace --all-features"; \
		cargo nextest run --workspace --all-features --no-fail-fast; \
	else \
		echo "cargo test --workspace --all-features --all-targets"; \
		cargo test --workspace --all-features --all-targets --no-fail-fast; \
	fi

# Rewrites what is generated (fixtures' catalogs and findings, published schemas, pages and types of the reference models); review
# the difference.
bless: setup
	cargo run --quiet --package diesel-drift --example bless
	cargo run --quiet --package diesel-drift-cli -- docs
	cargo run --quiet --package diesel-drift-cli -- types --lang typescript --zod --schema weeksmith --output types/weeksmith.ts

# What reading and comparing takes, against PostgreSQL's and Diesel's own programs; writes the table of docs/performance.md.
# `make bench SIZES=100` is quick and writes nothing; BENCH_FULL=1 runs what takes more than a minute as well.
SIZES =
bench: setup
	cargo build --quiet --release --package diesel-drift-cli
	cargo run --quiet --release --package diesel-drift --example bench -- $(or $(SIZES),--write)

lint:
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --all-features -- --deny warnings
	cargo clippy --package diesel-drift --no-default-features --all-targets -- --deny warnings
	RUSTDOCFLAGS=--deny=warnings cargo doc --workspace --all-features --no-deps

# Installs what is missing, and says what.
setup:
	@scripts/setup
