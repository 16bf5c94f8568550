//! The guide's commands run as they stand, and print what it says they print.

use std::path::Path;

use crate::support::{printed, root, run_in};

/// A block of the guide: its language and its lines.
struct Block<'t> {
    language: &'t str,
    lines: Vec<&'t str>,
}

fn blocks(text: &str) -> Vec<Block<'_>> {
    let mut all: Vec<Block<'_>> = Vec::new();
    let mut inside = false;
    for line in text.lines() {
        match line.strip_prefix("```") {
            Some(language) if !inside => {
                inside = true;
                all.push(Block { language, lines: Vec::new() });
            }
            Some(_) => inside = false,
            None if inside => all.last_mut().expect("begun").lines.push(line),
            None => {}
        }
    }
    all
}

/// The commands of a block; a line that ends in `\` goes on.
fn commands(block: &Block<'_>) -> Vec<String> {
    let text = block.lines.join("\n").replace("\\\n", " ");
    text.lines().map(str::to_owned).collect()
}

/// Text with single spaces: tables are as wide as their widest cell.
fn plain(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn copied(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("read").map(|entry| entry.expect("an entry")) {
        let target = to.join(entry.file_name());
        match entry.path().is_dir() {
            true => copied(&entry.path(), &target),
            false => drop(std::fs::copy(entry.path(), target).expect("copied")),
        }
    }
}

#[test]
fn the_guide_shows_what_its_commands_print() {
    let folder = tempfile::tempdir().expect("a folder");
    copied(&root("fixtures/towns/demo"), &folder.path().join("fixtures/towns/demo"));
    let text = std::fs::read_to_string(root("src/docs/guide.md")).expect("read");
    let blocks = blocks(&text);
    let (mut ran, mut compared, mut wrong) = (0, 0, Vec::new());
    let mut said: Option<String> = None;
    for block in &blocks {
        if block.language == "sh" {
            let mut all = String::new();
            for command in commands(block) {
                let words: Vec<&str> = command.split_whitespace().collect();
                let Some(("facility-audit", args)) =
                    words.split_first().map(|(first, args)| (*first, args))
                else {
                    continue;
                };
                let output = run_in(folder.path(), args);
                all += &printed(&output);
                assert!(output.status.success(), "{command}\n{all}");
                ran += 1;
            }
            said = Some(plain(&all));
            continue;
        }
        // What is shown of a command stands below it; `…` is what was left out.
        let Some(said) = said.take().filter(|_| block.language == "text") else { continue };
        for piece in block.lines.iter().flat_map(|line| line.split('…')).map(plain) {
            compared += 1;
            if !said.contains(&piece) {
                wrong.push(piece);
            }
        }
    }
    assert!(ran > 20 && compared > 40, "{ran} commands, {compared} pieces");
    assert!(wrong.is_empty(), "the guide shows what is not printed:\n{}", wrong.join("\n"));
}
