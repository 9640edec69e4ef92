//! wasmd and `izd` on the same work, in one run, with ratios and goals.
#![allow(clippy::disallowed_types, reason = "timings of a tool; no consensus code here")]

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use clap::Parser;
use iz_testkit::application::{Launch, prefix_flag};
use iz_testkit::bench::{Figures, Work, Workload, as_json, measure, peak_mib, run};
use iz_testkit::bench_contracts;
use iz_testkit::bench_token;
use iz_testkit::corpus::world::World;
use iz_testkit::genesis::network_genesis;
use iz_testkit::load::{Outcome, genesis_state, lanes, senders, submit};
use iz_testkit::node::{Behind, Node, Place};
use iz_testkit::responsiveness::{Waiting, during_blocks, start_again};

#[derive(Parser)]
#[command(about = "Measures applications beside wasmd: only ratios of one run count")]
struct Cli {
    #[arg(long, env = "WASMD")]
    wasmd: Option<PathBuf>,
    #[arg(long)]
    izd: Option<PathBuf>,
    /// For the row `node`
    #[arg(long, env = "COMETBFT", default_value = "cometbft")]
    cometbft: PathBuf,
    /// Which rows: 5k, 100k, 1m (izd alone: wasmd needs 17 GB for it), cw20, upload, memory (izd alone), query, start, node
    #[arg(long, value_delimiter = ',', default_value = "5k,100k,1m,cw20,upload,memory,query,start,node")]
    rows: Vec<String>,
    /// For the rows `cw20`, `upload` and `memory`: the folder that `scripts/setup contracts` fills
    #[arg(long, env = "CONTRACTS")]
    contracts: Option<PathBuf>,
    /// One JSON line for each measurement, besides the table
    #[arg(long)]
    json: bool,
    /// How often the rows 5k, 100k and 1m are measured, each application in its turn; the medians are shown
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    repeat: u32,
    /// Calls of the row `memory`
    #[arg(long, default_value_t = 20_000)]
    calls: u64,
    /// Transactions of the row `node`
    #[arg(long, default_value_t = 20_000)]
    load: u64,
}

/// A line of the table.
struct Row {
    work: String,
    wasmd: Option<f64>,
    izd: Option<f64>,
    unit: &'static str,
    goal: &'static str,
    /// What has to be reached, as izd over wasmd.
    wanted: Option<f64>,
    /// Whether less is better.
    less: bool,
    /// What izd may need at most, whatever wasmd needs.
    most: Option<f64>,
}

fn main() -> Result<()> {
    let cli = Cli::parse();
    if cli.wasmd.is_none() && cli.izd.is_none() {
        bail!("name --wasmd, --izd or both");
    }
    let mut table = Vec::new();
    let mut own = Vec::new();
    for row in &cli.rows {
        match row.as_str() {
            "5k" => own.push(application(
                &cli,
                &mut table,
                "bank send, 5,000 accounts",
                Work { accounts: 5_000, blocks: 20, per_block: 1_000 },
                true,
            )?),
            "100k" => own.push(application(
                &cli,
                &mut table,
                "bank send, 100,000 accounts",
                Work { accounts: 100_000, blocks: 10, per_block: 2_000 },
                true,
            )?),
            "1m" => own.push(application(
                &cli,
                &mut table,
                "bank send, 1,000,000 accounts",
                Work { accounts: 1_000_000, blocks: 10, per_block: 2_000 },
                false,
            )?),
            "cw20" => token(&cli, &mut table)?,
            "upload" => upload(&cli, &mut table)?,
            "memory" => memory(&cli, &mut table)?,
            "query" => query(&cli, &mut table)?,
            "start" => start(&cli, &mut table)?,
            "node" => whole_node(&cli, &mut table)?,
            other => bail!("no row {other}"),
        }
    }
    print_table(&table);
    if let Some(Some(base)) = own.first() {
        let rows: Vec<&String> =
            cli.rows.iter().filter(|row| matches!(row.as_str(), "5k" | "100k" | "1m")).collect();
        for (row, figures) in rows.iter().zip(&own).skip(1) {
            if let Some(figures) = figures {
                let goal = if row.as_str() == "1m" { 0.5 } else { 0.7 };
                println!(
                    "izd at {row} accounts keeps {:.2} of its rate at {} (goal {goal})",
                    figures.exec_commit_per_second / base.exec_commit_per_second,
                    rows[0]
                );
            }
        }
    }
    Ok(())
}

fn launch(binary: &Path) -> Launch {
    Launch { binary: binary.to_owned(), extra: prefix_flag(binary) }
}

/// Coins of a contract sent around, and questions for their balances.
fn token(cli: &Cli, table: &mut Vec<Row>) -> Result<()> {
    let name = "cw20 transfer, 2,000 accounts";
    let wasm = cw20(cli)?;
    let work = Work { accounts: 2_000, blocks: 5, per_block: 1_000 };
    let workload: Workload = bench_token::sign(work, &wasm)?;
    type Measured = (Figures, (f64, f64));
    let measure = |binary: &Option<PathBuf>| -> Result<Option<Measured>> {
        let Some(binary) = binary else { return Ok(None) };
        let (figures, mut running) = measure(&launch(binary), &workload)
            .with_context(|| format!("{name} with {}", binary.display()))?;
        let asked = bench_token::questions_per_second(&mut running.application, &workload.addresses)?;
        if cli.json {
            println!(
                "{}",
                serde_json::json!({ "work": name, "binary": binary, "figures": as_json(&figures), "questions_per_second": asked.0, "questions_together_per_second": asked.1 })
            );
        }
        Ok(Some((figures, asked)))
    };
    let (wasmd, izd) = (measure(&cli.wasmd)?, measure(&cli.izd)?);
    if let (Some((a, _)), Some((b, _))) = (&wasmd, &izd) {
        println!(
            "{name}: results and app hashes {}",
            if a.digest == b.digest { "equal at every height" } else { "DIFFER" }
        );
    }
    type Of = fn(&Measured) -> f64;
    let rows: [(&str, Of, &str, bool); 5] = [
        ("exec+commit", |(f, _)| f.exec_commit_per_second, "tx/s", true),
        ("CheckTx included", |(f, _)| f.all_per_second, "tx/s", false),
        ("smart queries", |(_, asked)| asked.1, "queries/s", true),
        ("smart queries one by one", |(_, asked)| asked.0, "queries/s", false),
        ("peak memory", |(f, _)| f.peak_mib, "MiB", false),
    ];
    for (what, of, unit, wanted) in rows {
        table.push(Row {
            work: format!("{name}: {what}"),
            wasmd: wasmd.as_ref().map(of),
            izd: izd.as_ref().map(of),
            unit,
            goal: if wanted { ">= 4x" } else { "" },
            wanted: wanted.then_some(4.0),
            less: unit == "MiB",
            most: None,
        });
    }
    Ok(())
}

fn cw20(cli: &Cli) -> Result<Vec<u8>> {
    let folder = cli.contracts.as_ref().context("contracts need --contracts")?;
    std::fs::read(folder.join("cw20_base.wasm"))
        .with_context(|| format!("no cw20_base.wasm in {}", folder.display()))
}

/// Code of the largest size that a chain takes.
fn upload(cli: &Cli, table: &mut Vec<Row>) -> Result<()> {
    let uploads = bench_contracts::uploads(&cw20(cli)?, 7)?;
    let measure = |binary: &PathBuf| bench_contracts::upload_ms(&launch(binary), &uploads);
    table.push(Row {
        work: format!("upload of a contract of {} KiB", bench_contracts::LARGEST / 1024),
        wasmd: cli.wasmd.as_ref().map(measure).transpose()?,
        izd: cli.izd.as_ref().map(measure).transpose()?,
        unit: "ms",
        goal: "<= 1x",
        wanted: Some(1.0),
        less: true,
        most: None,
    });
    Ok(())
}

/// The node's memory while a contract is called again and again.
fn memory(cli: &Cli, table: &mut Vec<Row>) -> Result<()> {
    let Some(binary) = &cli.izd else { return Ok(()) };
    let told = bench_contracts::memory(&launch(binary), &cw20(cli)?, cli.calls, |memory| {
        println!(
            "after {:>9} calls of a contract ({:.0} s): {:.1} MiB resident",
            memory.calls, memory.seconds, memory.resident_mib
        );
    })?;
    let at = |tenth: usize| told.get(tenth).map(|memory| memory.resident_mib);
    table.push(Row {
        work: format!("memory after {} calls, less that after a fifth", cli.calls),
        wasmd: None,
        izd: at(9).zip(at(1)).map(|(last, fifth)| last - fifth),
        unit: "MiB",
        goal: "",
        wanted: None,
        less: true,
        most: None,
    });
    Ok(())
}

/// Measures both applications; the answer is izd's figures.
fn application(
    cli: &Cli,
    table: &mut Vec<Row>,
    name: &str,
    work: Work,
    with_wasmd: bool,
) -> Result<Option<Figures>> {
    let measure = |binary: &Option<PathBuf>| -> Result<Option<Figures>> {
        let Some(binary) = binary else { return Ok(None) };
        let figures =
            run(&launch(binary), work).with_context(|| format!("{name} with {}", binary.display()))?;
        if cli.json {
            println!(
                "{}",
                serde_json::json!({ "work": name, "binary": binary, "figures": as_json(&figures) })
            );
        }
        Ok(Some(figures))
    };
    let (mut wasmd, mut izd) = (Vec::new(), Vec::new());
    for _ in 0..cli.repeat {
        if with_wasmd {
            wasmd.extend(measure(&cli.wasmd)?);
        }
        izd.extend(measure(&cli.izd)?);
    }
    let (wasmd, izd) = (Figures::median(wasmd), Figures::median(izd));
    if let (Some(a), Some(b)) = (&wasmd, &izd) {
        println!(
            "{name}: results and app hashes {}",
            if a.digest == b.digest { "equal at every height" } else { "DIFFER" }
        );
    }
    let large = work.accounts >= 100_000;
    let mut row = |what: &str, of: fn(&Figures) -> f64, unit, goal, wanted, less| {
        table.push(Row {
            work: format!("{name}: {what}"),
            wasmd: wasmd.as_ref().map(of),
            izd: izd.as_ref().map(of),
            unit,
            goal,
            wanted,
            less,
            most: None,
        });
    };
    row("exec+commit", |f| f.exec_commit_per_second, "tx/s", ">= 15x", Some(15.0), false);
    row(
        "CheckTx included",
        |f| f.all_per_second,
        "tx/s",
        if large { "" } else { ">= 12x" },
        (!large).then_some(12.0),
        false,
    );
    row("CheckTx", |f| f.check_per_second, "tx/s", "", None, false);
    row("commit", |f| f.commit_ms, "ms", "", None, true);
    row(
        "worst block",
        |f| f.worst_block_ms,
        "ms",
        if large { "<= 1/12" } else { "" },
        large.then_some(1.0 / 12.0),
        true,
    );
    row("peak memory", |f| f.peak_mib, "MiB", if large { "<= 1/4" } else { "" }, large.then_some(0.25), true);
    row("InitChain", |f| f.init_seconds, "s", "", None, true);
    Ok(izd)
}

/// What a query waits while a block of 2,000 transactions runs.
fn query(cli: &Cli, table: &mut Vec<Row>) -> Result<()> {
    let work = Work { accounts: 5_000, blocks: 20, per_block: 2_000 };
    let measure = |binary: &PathBuf| during_blocks(&launch(binary), work);
    let wasmd = cli.wasmd.as_ref().map(measure).transpose()?;
    let izd = cli.izd.as_ref().map(measure).transpose()?;
    let mut row = |what: &str, of: fn(&Waiting) -> f64, most| {
        table.push(Row {
            work: format!("a query during blocks of 2,000: {what}"),
            wasmd: wasmd.as_ref().map(of),
            izd: izd.as_ref().map(of),
            unit: "ms",
            goal: "",
            wanted: None,
            less: true,
            most,
        });
    };
    row("median", |waiting| waiting.median, None);
    row("99th percentile", |waiting| waiting.percentile_99, Some(5.0));
    row("worst", |waiting| waiting.worst, None);
    Ok(())
}

/// How long a node with 100,000 accounts takes to start after a kill.
fn start(cli: &Cli, table: &mut Vec<Row>) -> Result<()> {
    let work = Work { accounts: 100_000, blocks: 10, per_block: 2_000 };
    let measure =
        |binary: &PathBuf| Ok::<_, anyhow::Error>(start_again(&launch(binary), work)?.as_secs_f64());
    let wasmd = cli.wasmd.as_ref().map(measure).transpose()?;
    let izd = cli.izd.as_ref().map(measure).transpose()?;
    table.push(Row {
        work: "start with 100,000 accounts after a kill".into(),
        wasmd,
        izd,
        unit: "s",
        goal: "",
        wanted: None,
        less: true,
        most: Some(1.0),
    });
    Ok(())
}

/// The whole chain through CometBFT, and CometBFT's own example as the ceiling.
fn whole_node(cli: &Cli, table: &mut Vec<Row>) -> Result<()> {
    let measure = |binary: Option<&PathBuf>| -> Result<(Outcome, f64)> {
        let behind = binary.map_or(Behind::Kvstore, |binary| Behind::Application(launch(binary)));
        let kvstore = binary.is_none();
        let mut node = Node::prepare(&cli.cometbft, behind, Place::here())?;
        let mut accounts = senders(2_000)?;
        let mut genesis = network_genesis(&World::new()?, &[node.consensus_key()?])?;
        genesis["app_state"] = serde_json::from_str(&genesis_state(&genesis, &accounts)?)?;
        node.write_genesis(&genesis)?;
        node.start()?;
        node.wait_for(2, Duration::from_secs(60))?;
        let rounds = cli.load.div_ceil(accounts.len() as u64);
        let mut lanes = lanes(&mut accounts, rounds, 16)?;
        if kvstore {
            // as long as a send, and each its own key
            for (index, tx) in lanes.iter_mut().flatten().enumerate() {
                *tx = format!("key{index:0>40}={index:0>266}").into_bytes();
            }
        }
        let outcome = submit(&node.rpc_address(), lanes, Duration::from_secs(300))?;
        let peak = node.application_pid().map_or(Ok(0.0), peak_mib)?;
        if cli.json {
            println!(
                "{}",
                serde_json::json!({ "work": "node", "binary": binary, "sent": outcome.sent, "rejected": outcome.rejected, "committed": outcome.committed, "blocks": outcome.blocks, "seconds": outcome.seconds })
            );
        }
        Ok((outcome, peak))
    };
    let ceiling = measure(None)?.0.per_second();
    let wasmd = cli.wasmd.as_ref().map(|binary| measure(Some(binary))).transpose()?;
    let izd = cli.izd.as_ref().map(|binary| measure(Some(binary))).transpose()?;
    table.push(Row {
        work: "whole node, 16 connections: committed".into(),
        wasmd: wasmd.as_ref().map(|(o, _)| o.per_second()),
        izd: izd.as_ref().map(|(o, _)| o.per_second()),
        unit: "tx/s",
        goal: ">= 7x",
        wanted: Some(7.0),
        less: false,
        most: None,
    });
    table.push(Row {
        work: "the same against CometBFT's kvstore".into(),
        wasmd: Some(ceiling),
        izd: izd.map(|(o, _)| o.per_second()),
        unit: "tx/s",
        goal: ">= 0.7 of it",
        wanted: Some(0.7),
        less: false,
        most: None,
    });
    Ok(())
}

fn print_table(table: &[Row]) {
    println!("{:<50} {:>12} {:>12} {:>8}  goal", "work", "wasmd", "izd", "ratio");
    for row in table {
        let number = |value: Option<f64>| {
            value.map_or("-".to_owned(), |v| if v >= 100.0 { format!("{v:.0}") } else { format!("{v:.2}") })
        };
        let ratio = row.wasmd.zip(row.izd).map(|(a, b)| b / a);
        let verdict = match (ratio, row.wanted) {
            (Some(ratio), Some(wanted))
                if (row.less && ratio <= wanted) || (!row.less && ratio >= wanted) =>
            {
                "reached"
            }
            (Some(_), Some(_)) => "MISSED",
            _ => match (row.izd, row.most) {
                (Some(value), Some(most)) if value <= most => "reached",
                (Some(_), Some(_)) => "MISSED",
                _ => "",
            },
        };
        let goal = row.most.map_or_else(|| row.goal.to_owned(), |most| format!("izd <= {most}"));
        println!(
            "{:<50} {:>12} {:>12} {:>8}  {} {verdict} [{}]",
            row.work,
            number(row.wasmd),
            number(row.izd),
            ratio.map_or("-".to_owned(), |r| format!("{r:.2}")),
            goal,
            row.unit
        );
    }
}
