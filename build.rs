//! Embeds the shipped packs: every TOML file under `standards/`, so that adding a text is one file.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

fn main() {
    let root = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR").expect("set by cargo"));
    let folder = root.join("standards");
    println!("cargo:rerun-if-changed={}", folder.display());
    let mut files = Vec::new();
    collect(&folder, &mut files);
    files.sort();
    let mut list =
        String::from("/// Every shipped pack: its path in the repository, and its text.\n");
    list.push_str("pub const SHIPPED: &[(&str, &str)] = &[\n");
    for file in files {
        println!("cargo:rerun-if-changed={}", file.display());
        let shown = file.strip_prefix(&root).expect("inside the repository").display().to_string();
        let shown = shown.replace('\\', "/");
        writeln!(list, "    ({shown:?}, include_str!({:?})),", file.display().to_string())
            .expect("writing to a string cannot fail");
    }
    list.push_str("];\n");
    let out = PathBuf::from(std::env::var("OUT_DIR").expect("set by cargo"));
    std::fs::write(out.join("shipped_packs.rs"), list).expect("the build folder is writable");
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    let entries = std::fs::read_dir(folder).expect("standards/ is part of the repository");
    for entry in entries {
        let path = entry.expect("readable").path();
        if path.is_dir() {
            println!("cargo:rerun-if-changed={}", path.display());
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "toml") {
            files.push(path);
        }
    }
}
