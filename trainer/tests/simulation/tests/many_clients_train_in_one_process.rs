//! Hundreds of clients in one process; `IZ_SIMULATION_CLIENTS=1000` makes it a thousand, in four rounds side by side, since a round has
//! 256 seats. Prints the largest memory that the process ever had.

#![allow(clippy::unwrap_used)]

use std::env;

use iz_rounds_machine::Phase;
use iz_simulation::{Fault, Scenario, Who, run};

#[test]
fn a_third_drops_out_and_the_rest_is_summed_exactly() {
    let clients = env::var("IZ_SIMULATION_CLIENTS").map_or(200, |text| text.parse().unwrap());
    let tasks = if clients > 256 { 4 } else { 1 };
    let mut scenario = Scenario::quiet(21, clients);
    (scenario.nodes, scenario.tasks, scenario.groups, scenario.minimum_group) = (4, tasks, 16, 8);
    scenario.minimum_clients = 64;
    for client in (0..clients).filter(|client| client % 10 < 3) {
        scenario = scenario.with(Phase::Submit, Who::Client(client), Fault::Drop);
    }
    let outcomes = run(&scenario);
    assert_eq!(outcomes.len(), tasks);
    for outcome in &outcomes {
        assert_eq!(outcome.phase, Phase::Final, "{:?} {:?}", outcome.reason, outcome.errors);
        assert_eq!(outcome.compared, 16);
    }
    let included: usize = outcomes.iter().map(|outcome| outcome.included.len()).sum();
    assert_eq!(included, (0..clients).filter(|client| client % 10 >= 3).count());
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or("0 kB");
    let peak: u64 = line.trim().trim_end_matches(" kB").parse().unwrap();
    println!("{clients} clients, peak memory {} MiB", peak / 1024);
    assert!(peak < 2 << 20, "{peak} kB");
}
