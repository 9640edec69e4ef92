//! The processes of a network: started apart from the terminal, found again by number and birth, ended by asking first.

use std::fs::{self, File};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use rustix::process::{Pid, Signal, kill_process};
use serde::{Deserialize, Serialize};

use crate::files;

/// A number alone could be another process by now; together with the time of its birth it is this one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Process {
    pub name: String,
    pub pid: i32,
    /// In the kernel's ticks since boot.
    pub born: u64,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Processes {
    pub processes: Vec<Process>,
}

impl Process {
    /// Starts a command with its output in a log. It lives on when this program ends.
    pub fn start(name: &str, mut command: Command, log: &Path) -> Result<Self> {
        if let Some(folder) = log.parent() {
            fs::create_dir_all(folder)?;
        }
        let out = File::options().create(true).append(true).open(log)?;
        let child = command
            .stdin(Stdio::null())
            .stdout(out.try_clone()?)
            .stderr(out)
            .process_group(0)
            .spawn()
            .with_context(|| format!("cannot start {name}"))?;
        let pid = i32::try_from(child.id())?;
        let born =
            born(pid).with_context(|| format!("{name} ended at once; its log is {}", log.display()))?;
        Ok(Self { name: name.into(), pid, born })
    }

    pub fn alive(&self) -> bool {
        born(self.pid) == Some(self.born)
    }

    fn signal(&self, signal: Signal) {
        if let (true, Some(pid)) = (self.alive(), Pid::from_raw(self.pid)) {
            // it may have ended in this moment
            let _ = kill_process(pid, signal);
        }
    }

    /// SIGKILL, for those who want to see what happens then.
    pub fn kill(&self) {
        self.signal(Signal::KILL);
    }
}

/// When a process was born; none if there is none, or it is dead and not buried.
fn born(pid: i32) -> Option<u64> {
    let text = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // the name, in brackets, may hold anything
    let mut fields = text.rsplit_once(") ")?.1.split(' ');
    let state = fields.next()?;
    if state == "Z" || state == "X" {
        return None;
    }
    fields.nth(18)?.parse().ok()
}

impl Processes {
    pub fn read(file: &Path) -> Result<Self> {
        if file.exists() { files::read(file) } else { Ok(Self::default()) }
    }

    pub fn write(&self, file: &Path) -> Result<()> {
        files::write(file, self)
    }

    pub fn alive(&self) -> Vec<&Process> {
        self.processes.iter().filter(|process| process.alive()).collect()
    }

    /// Asks all to end, waits, and kills what has not. Answers with the names of those that had to be killed.
    pub fn stop(&self, patience: Duration) -> Result<Vec<String>> {
        for process in &self.processes {
            process.signal(Signal::TERM);
        }
        let started = Instant::now();
        while !self.alive().is_empty() && started.elapsed() < patience {
            sleep(Duration::from_millis(50));
        }
        let stubborn: Vec<String> = self.alive().iter().map(|process| process.name.clone()).collect();
        for process in self.alive() {
            process.kill();
        }
        let killed = Instant::now();
        while !self.alive().is_empty() {
            if killed.elapsed() > Duration::from_secs(10) {
                bail!("a process of the network does not end: {:?}", self.alive());
            }
            sleep(Duration::from_millis(20));
        }
        Ok(stubborn)
    }
}

/// The end of a log.
pub fn tail(log: &Path) -> String {
    let text = fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(8)..].join("\n")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn sleeper(place: &Path, script: &str) -> Process {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        Process::start("sleeper", command, &place.join("log")).unwrap()
    }

    #[test]
    fn processes_are_found_again_and_end_when_asked() {
        let place = tempfile::tempdir().unwrap();
        let file = place.path().join("processes.json");
        assert_eq!(Processes::read(&file).unwrap(), Processes::default());
        let processes = Processes { processes: vec![sleeper(place.path(), "exec sleep 1000")] };
        processes.write(&file).unwrap();
        let again = Processes::read(&file).unwrap();
        assert_eq!(again.alive().len(), 1);
        assert_eq!(again.stop(Duration::from_secs(30)).unwrap(), Vec::<String>::new());
        assert!(again.alive().is_empty());
        assert_eq!(again.stop(Duration::from_secs(30)).unwrap(), Vec::<String>::new());
    }

    #[test]
    fn what_does_not_listen_is_killed() {
        let place = tempfile::tempdir().unwrap();
        let ready = place.path().join("ready");
        let script = format!("trap '' TERM; touch {}; while :; do sleep 1; done", ready.display());
        let process = sleeper(place.path(), &script);
        while !ready.exists() {
            sleep(Duration::from_millis(10));
        }
        let stopped = Processes { processes: vec![process] }.stop(Duration::from_millis(200)).unwrap();
        assert_eq!(stopped, ["sleeper"]);
    }

    #[test]
    fn another_process_with_the_same_number_is_left_alone() {
        let place = tempfile::tempdir().unwrap();
        let process = sleeper(place.path(), "exec sleep 1000");
        let stranger = Process { born: process.born + 1, ..process.clone() };
        assert!(!stranger.alive());
        Processes { processes: vec![stranger] }.stop(Duration::from_secs(1)).unwrap();
        assert!(process.alive());
        process.kill();
    }
}
