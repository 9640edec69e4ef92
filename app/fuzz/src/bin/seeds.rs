//! Writes the seeds of a target as files, the form in which libFuzzer takes them: `seeds TARGET FOLDER`.

use std::{env, fs, path::PathBuf};

use anyhow::{Context, Result, bail};
use iz_fuzz::{Chain, Target, seeds};

fn main() -> Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [name, folder] = arguments.as_slice() else {
        bail!("usage: seeds decode|ante|query|snapshot FOLDER")
    };
    let target = Target::ALL.into_iter().find(|target| target.name() == name).context("no such target")?;
    let folder = PathBuf::from(folder);
    fs::create_dir_all(&folder)?;
    for (index, seed) in seeds(&Chain::play()?)?.of(target).iter().enumerate() {
        fs::write(folder.join(format!("seed-{index:05}")), seed)?;
    }
    Ok(())
}
