//! Writes the seeds of a target, and what was kept of its inputs, as files, the form in which libFuzzer takes them: `trainer-seeds TARGET
//! FOLDER`.

use std::{env, error::Error, fs, path::PathBuf};

use iz_trainer_fuzz::{Ready, Target, seeds};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [name, folder] = arguments.as_slice() else {
        return Err("usage: trainer-seeds TARGET FOLDER".into());
    };
    let target = Target::ALL.into_iter().find(|target| target.name() == name).ok_or("no such target")?;
    let folder = PathBuf::from(folder);
    fs::create_dir_all(&folder)?;
    for (index, seed) in seeds(&Ready::new(), target).iter().enumerate() {
        fs::write(folder.join(format!("seed-{index:05}")), seed)?;
    }
    Ok(())
}
