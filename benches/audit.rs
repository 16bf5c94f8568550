//! How long an audit takes and how much memory, stage by stage, for a city, a province, the nation.
//!
//! `cargo bench --bench audit` makes a city and a province; `-- nation` makes the nation as well.
//! The places are made up from a seed: the same every time. One row in a hundred is dirty. What
//! counts is the last column: a stage that grows faster than its rows would show there.

mod generate;

use std::path::Path;
use std::time::{Duration, Instant};

use facility_audit::Project;
use facility_audit::audit::Audit;
use facility_audit::report::{Heading, save};
use generate::{Size, generate};

/// What one stage took.
struct Stage {
    name: &'static str,
    time: Duration,
    peak: Option<u64>,
}

fn main() {
    let wanted: Vec<String> =
        std::env::args().skip(1).filter(|one| !one.starts_with('-')).collect();
    let sizes = [Size::CITY, Size::PROVINCE, Size::NATION];
    let chosen = sizes.iter().filter(|size| match wanted.is_empty() {
        true => size.name != Size::NATION.name,
        false => wanted.iter().any(|name| name == size.name),
    });
    println!(
        "{:<10}{:>12}{:<12}{:>10}{:>14}{:>14}",
        "size", "rows", "  stage", "seconds", "peak MiB", "µs per row"
    );
    for size in chosen {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("bench-{}", size.name));
        std::fs::create_dir_all(&folder).expect("a folder");
        let rows = generate(size, &folder);
        let stages = run(&folder);
        for stage in stages {
            let seconds = stage.time.as_secs_f64();
            let peak = stage.peak.map_or("-".to_owned(), |bytes| (bytes >> 20).to_string());
            let each = seconds * 1e6 / rows as f64;
            println!(
                "{:<10}{rows:>12}  {:<10}{seconds:>10.2}{peak:>14}{each:>14.2}",
                size.name, stage.name
            );
        }
    }
}

fn run(folder: &Path) -> Vec<Stage> {
    let mut stages = Vec::new();
    let project = Project::open(folder.join("project.toml")).expect("a project");
    let inventory = staged(&mut stages, "read", || project.inventory().expect("read"));
    let question = project.question().expect("a question");
    let (library, _) = project.library().expect("texts");
    let audit = staged(&mut stages, "judge", || {
        Audit::run(inventory, library, question, Vec::new()).expect("judged")
    });
    let heading = Heading { name: "bench".to_owned(), place_name: None };
    staged(&mut stages, "write", || save(&audit, &heading, &folder.join("run")).expect("written"));
    stages
}

fn staged<T>(stages: &mut Vec<Stage>, name: &'static str, run: impl FnOnce() -> T) -> T {
    forget_peak();
    let start = Instant::now();
    let value = run();
    stages.push(Stage { name, time: start.elapsed(), peak: peak() });
    value
}

/// Lets the system count the peak of memory anew, where it can (Linux).
fn forget_peak() {
    let _ = std::fs::write("/proc/self/clear_refs", "5");
}

/// The peak of memory since then, in bytes, where the system tells it.
fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kilobytes: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes * 1024)
}
