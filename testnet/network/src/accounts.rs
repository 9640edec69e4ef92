//! The people of a local network. Their keys are test keys: files that whoever reads the folder can use.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::files::{Account, Folder, write_secret};
use crate::tools::Tools;

/// Who there is, and what for.
pub const PEOPLE: &[(&str, &str)] = &[
    ("founder", "instantiates the contracts and hands them to the constitution"),
    ("alice", "a user"),
    ("bob", "a user"),
    ("cacao", "owns an app"),
    ("guardian", "may pause"),
    ("karl", "sits on the council"),
    ("lena", "sits on the council"),
    ("mona", "sits on the council"),
    ("rita", "reports prices and prints"),
    ("sam", "reports prices and prints"),
    ("tom", "reports prices and prints"),
    ("foundation", "gets the foundation's share"),
    ("trainer-1", "runs a trainer"),
    ("trainer-2", "runs a trainer"),
    ("trainer-3", "runs a trainer"),
    ("watcher", "moves rounds on, keeps their blobs and checks their models"),
    ("mallory", "fakes contributions"),
    ("client-1", "takes part in rounds with data of its own"),
    ("client-2", "takes part in rounds with data of its own"),
    ("client-3", "takes part in rounds with data of its own"),
];

/// What `izd keys add` answers with; newer fields do not matter.
#[derive(Deserialize)]
struct Made {
    address: String,
    mnemonic: String,
}

/// Makes a key for everyone, in the test keyring of the folder and as files beside it. Answers with files as they will lie in
/// `final_place`.
pub fn make(tools: &Tools, folder: &Folder, final_place: &Folder) -> Result<BTreeMap<String, Account>> {
    let home = folder.accounts();
    let mut accounts = BTreeMap::new();
    for (name, _) in PEOPLE {
        let test = ["--keyring-backend", "test"];
        let added = tools.izd(&[["keys", "add", name, "-o", "json"].as_slice(), &test].concat(), &home)?;
        let made: Made = serde_json::from_slice(&added.stdout)
            .with_context(|| format!("izd keys add {name} answered with something else"))?;
        let export = ["keys", "export", name, "--unarmored-hex", "--unsafe", "-y"];
        let exported = tools.izd(&[export.as_slice(), &test].concat(), &home)?;
        let key = String::from_utf8(exported.stdout)?;
        write_secret(&file(&home, name, "key"), key.trim())?;
        write_secret(&file(&home, name, "mnemonic"), &made.mnemonic)?;
        let home = final_place.accounts();
        accounts.insert(
            (*name).to_owned(),
            Account {
                address: made.address,
                key_file: file(&home, name, "key"),
                mnemonic_file: file(&home, name, "mnemonic"),
            },
        );
    }
    Ok(accounts)
}

fn file(home: &Path, name: &str, kind: &str) -> std::path::PathBuf {
    home.join(format!("{name}.{kind}"))
}
