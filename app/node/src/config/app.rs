//! `app.toml`: the settings of the application and of its servers.

use std::collections::BTreeMap;

use super::table::{self, Entry, Kind};

const fn entry(
    section: &'static str,
    key: &'static str,
    kind: Kind,
    default: &'static str,
    note: &'static str,
) -> Entry {
    Entry { section, key, kind, default, note }
}

pub const ENTRIES: &[Entry] = &[
    entry(
        "",
        "minimum-gas-prices",
        Kind::Text,
        "\"\"",
        "Least price of a unit of gas that this validator takes, any of the denominations named: \"0.25token1,0.0001token2\".",
    ),
    entry("", "query-gas-limit", Kind::Text, "\"0\"", "Most gas that a query may use; 0 for no limit."),
    entry(
        "",
        "pruning",
        Kind::Text,
        "\"default\"",
        "Which old states are kept:\n  default     the last 362880\n  nothing     all of them\n  everything  the last 2\n  custom      as pruning-keep-recent and pruning-interval say",
    ),
    entry(
        "",
        "pruning-keep-recent",
        Kind::Text,
        "\"0\"",
        "How many old states to keep, with custom pruning.",
    ),
    entry(
        "",
        "pruning-interval",
        Kind::Text,
        "\"0\"",
        "How many blocks lie between prunings, with custom pruning.",
    ),
    entry(
        "",
        "halt-height",
        Kind::Integer,
        "0",
        "The node stops after it has committed this height; 0 for never.",
    ),
    entry(
        "",
        "halt-time",
        Kind::Integer,
        "0",
        "The node stops after the first block at or after this Unix time; 0 for never.",
    ),
    entry(
        "",
        "min-retain-blocks",
        Kind::Integer,
        "0",
        "Blocks older than this many are dropped from CometBFT's store, as far as evidence and state sync allow; 0 keeps all.",
    ),
    entry("", "inter-block-cache", Kind::Bool, "true", "Has no effect: the newest state is in memory."),
    entry(
        "",
        "index-events",
        Kind::Other,
        "[]",
        "Events that CometBFT indexes, as \"type.attribute\"; none named means all.",
    ),
    entry("", "iavl-cache-size", Kind::Integer, "781250", "Has no effect: the newest state is in memory."),
    entry(
        "",
        "iavl-disable-fastnode",
        Kind::Bool,
        "false",
        "Has no effect: the newest state has a flat index always.",
    ),
    entry("", "app-db-backend", Kind::Text, "\"\"", "Has no effect: there is one engine."),
    entry("telemetry", "service-name", Kind::Text, "\"\"", "Put before the name of every metric."),
    entry(
        "telemetry",
        "enabled",
        Kind::Bool,
        "false",
        "Whether the application counts and times what it does.",
    ),
    entry(
        "telemetry",
        "enable-hostname",
        Kind::Bool,
        "false",
        "Whether metrics carry the host's name in theirs.",
    ),
    entry(
        "telemetry",
        "enable-hostname-label",
        Kind::Bool,
        "false",
        "Whether metrics have a label with the host's name.",
    ),
    entry(
        "telemetry",
        "enable-service-label",
        Kind::Bool,
        "false",
        "Whether metrics have a label with the service's name.",
    ),
    entry(
        "telemetry",
        "prometheus-retention-time",
        Kind::Integer,
        "0",
        "Seconds for which Prometheus metrics are kept; 0 turns them off.",
    ),
    entry(
        "telemetry",
        "global-labels",
        Kind::Other,
        "[]",
        "Labels on every metric: [[\"name\", \"value\"]].",
    ),
    entry("telemetry", "metrics-sink", Kind::Text, "\"\"", "Has no effect: metrics are those of Prometheus."),
    entry("telemetry", "statsd-addr", Kind::Text, "\"\"", "Has no effect."),
    entry("telemetry", "datadog-hostname", Kind::Text, "\"\"", "Has no effect."),
    entry("api", "enable", Kind::Bool, "false", "Whether the REST API is served."),
    entry("api", "swagger", Kind::Bool, "false", "Whether its OpenAPI page is served."),
    entry("api", "address", Kind::Text, "\"tcp://localhost:1317\"", "Where the REST API listens."),
    entry("api", "max-open-connections", Kind::Integer, "1000", "Most connections at a time."),
    entry("api", "rpc-read-timeout", Kind::Integer, "10", "Seconds that reading a request may take."),
    entry(
        "api",
        "rpc-write-timeout",
        Kind::Integer,
        "0",
        "Seconds that writing an answer may take; 0 for no limit.",
    ),
    entry("api", "rpc-max-body-bytes", Kind::Integer, "1000000", "Most bytes of a request."),
    entry("api", "enabled-unsafe-cors", Kind::Bool, "false", "Whether pages of any origin may call the API."),
    entry("grpc", "enable", Kind::Bool, "true", "Whether gRPC is served."),
    entry("grpc", "address", Kind::Text, "\"localhost:9090\"", "Where gRPC listens."),
    entry("grpc", "max-recv-msg-size", Kind::Text, "\"10485760\"", "Most bytes of a request."),
    entry("grpc", "max-send-msg-size", Kind::Text, "\"2147483647\"", "Most bytes of an answer."),
    entry(
        "grpc",
        "historical-grpc-address-block-range",
        Kind::Text,
        "\"{}\"",
        "Has no effect: other nodes that answer for ranges of old blocks.",
    ),
    entry(
        "grpc-web",
        "enable",
        Kind::Bool,
        "true",
        "Whether gRPC-Web is served, at the address of the REST API.",
    ),
    entry(
        "state-sync",
        "snapshot-interval",
        Kind::Integer,
        "0",
        "Blocks between snapshots for other nodes; 0 for none.",
    ),
    entry(
        "state-sync",
        "snapshot-keep-recent",
        Kind::Integer,
        "2",
        "How many of the newest snapshots to keep; 0 for all.",
    ),
    entry("streaming.abci", "keys", Kind::Other, "[]", "Has no effect: stores whose changes are streamed."),
    entry("streaming.abci", "plugin", Kind::Text, "\"\"", "Has no effect: plugins of Go."),
    entry("streaming.abci", "stop-node-on-err", Kind::Bool, "true", "Has no effect."),
    entry(
        "mempool",
        "max-txs",
        Kind::Integer,
        "-1",
        "Has no effect: transactions wait in CometBFT's mempool.",
    ),
    entry("wasm", "query_gas_limit", Kind::Integer, "3000000", "Most gas of a query to a contract."),
    entry(
        "wasm",
        "memory_cache_size",
        Kind::Integer,
        "100",
        "Mebibytes of compiled contracts kept in memory; 0 for none.",
    ),
    entry(
        "wasm",
        "simulation_gas_limit",
        Kind::Integer,
        "",
        "Most gas of a simulation; the block's limit if not set.",
    ),
];

/// Accepted on the command line of `start` beside the entries of the file.
pub const FLAGS_ONLY: &[(&str, Kind, &str)] = &[
    ("inv-check-period", Kind::Integer, "accepted and without effect"),
    ("unsafe-skip-upgrades", Kind::Other, "heights of upgrades to skip"),
    ("trace-store", Kind::Text, "accepted and without effect"),
    ("cpu-profile", Kind::Text, "accepted and without effect"),
    ("wasm.skip_wasmvm_version_check", Kind::Bool, "accepted and without effect"),
    ("state-sync.snapshot-directory", Kind::Text, "accepted and without effect"),
];

/// `changed` holds values as they stand in the file.
pub fn render(changed: &BTreeMap<String, String>) -> String {
    table::render("Settings of the application.", ENTRIES, changed)
}
