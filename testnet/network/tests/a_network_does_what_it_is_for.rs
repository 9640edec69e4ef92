//! A whole network from nothing: started, stopped, started again on the same chain, copied, and every step of the demo checked on it. Runs where
//! the programs are named: IZ_IZD, IZ_COMETBFT (of `scripts/setup cometbft-clock`), IZ_CONTRACTS (of `scripts/contracts`) and IZ_TRAINER.

#![allow(clippy::unwrap_used, clippy::disallowed_types, clippy::disallowed_methods)]

use std::env;
use std::path::{Path, PathBuf};

use iz_network::client::Client;
use iz_network::files::Folder;
use iz_network::processes::Processes;
use iz_network::run::{self, Wanted};
use iz_network::tools::Tools;
use iz_network::{backup, monitoring, status, story};

fn programs() -> Option<(Tools, Wanted)> {
    let path = |name: &str| env::var_os(name).map(PathBuf::from);
    let (Some(izd), Some(cometbft), Some(contracts), Some(trainer)) =
        (path("IZ_IZD"), path("IZ_COMETBFT"), path("IZ_CONTRACTS"), path("IZ_TRAINER"))
    else {
        eprintln!("left out: IZ_IZD, IZ_COMETBFT, IZ_CONTRACTS and IZ_TRAINER are not all set");
        return None;
    };
    let wanted = Wanted {
        validators: Some(2),
        fresh: false,
        bare: true,
        contracts,
        clock: true,
        log_level: "error".into(),
    };
    let network = env!("CARGO_BIN_EXE_iz-network").into();
    Some((Tools { izd, cometbft, network, trainer }, wanted))
}

/// Ends what a test that fails leaves.
struct Stopped(Folder);

impl Drop for Stopped {
    fn drop(&mut self) {
        let _ = run::stop(&self.0, &mut |_| {});
    }
}

#[test]
fn a_network_is_made_broken_off_taken_up_copied_and_does_what_it_is_for() {
    let Some((tools, mut wanted)) = programs() else { return };
    let place = tempfile::tempdir().unwrap();
    let folder = Folder(place.path().join("network"));
    let guard = Stopped(Folder(folder.0.clone()));
    let mut said = Vec::new();

    // the chain alone: a setup that goes on later
    let bare = run::start(&folder, &tools, &wanted, &mut |_| {}).unwrap();
    assert!(!bare.complete);
    let other = Wanted {
        validators: Some(3),
        contracts: wanted.contracts.clone(),
        log_level: "error".into(),
        ..wanted
    };
    assert!(
        run::start(&folder, &tools, &other, &mut |_| {}).unwrap_err().to_string().contains("--validators")
    );
    wanted.bare = false;
    let missing = Wanted { contracts: place.path().to_owned(), log_level: "error".into(), ..wanted };
    let error = run::start(&folder, &tools, &missing, &mut |_| {}).unwrap_err();
    assert!(format!("{error:#}").contains("scripts/contracts"));
    let network = run::start(&folder, &tools, &wanted, &mut |line| said.push(line.to_owned())).unwrap();
    assert!(network.complete);
    assert!(said.iter().any(|line| line == "it runs already"));

    let height = Client::new(&network).unwrap().height().unwrap();
    run::stop(&folder, &mut |_| {}).unwrap();
    assert!(Processes::read(&folder.processes()).unwrap().processes.is_empty());
    let archive = place.path().join("copy.tgz");
    backup::backup(&folder, &archive).unwrap();
    // the original is gone: two of them must never run
    folder.delete().unwrap();
    let copy = Folder(place.path().join("copy"));
    let second = Stopped(Folder(copy.0.clone()));
    backup::restore(&archive, &copy).unwrap();
    let network = run::start(&copy, &tools, &wanted, &mut |_| {}).unwrap();
    let status = status::look(&copy, &network).unwrap();
    assert!(status.running && status.nodes.iter().all(|node| node.height >= Some(height)));

    assert!(story::tell(&copy, &network, &tools.trainer).unwrap() > 70);
    let files = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    monitoring::check(&network, &files).unwrap();
    drop((guard, second));
}
