//! The layer readers of the main crate, compiled from its own files but without the rest of it, and
//! what must hold of whatever they are given.
//!
//! A reader may refuse its input; it must not panic, and must not give a layer that is not whole.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Mutex;

// These are links to the files of the main crate.
#[allow(dead_code)]
pub mod geometry;
pub mod layer;
pub mod quantity;
#[allow(dead_code)]
pub mod source;
pub mod words;

pub mod error;

use geometry::bounds;
use geometry::crs::{Crs, Transformer};
use layer::Grid;
use source::{FORMATS, Opened};

/// Where the last panic was and what it said.
static LAST_PANIC: Mutex<String> = Mutex::new(String::new());

/// Takes the place of the hook that aborts at every panic: readers may catch those of other crates.
/// One in this project's own files ends the run all the same. Call it first.
pub fn watch_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let text = panic.to_string();
        // Only files of other crates have absolute paths.
        if panic.location().is_some_and(|place| Path::new(place.file()).is_relative()) {
            eprintln!("{text}\n{}", std::backtrace::Backtrace::force_capture());
            std::process::abort();
        }
        *LAST_PANIC.lock().expect("no panic holds it") = text;
    }));
}

/// Does something that must not panic.
pub fn guarded(work: impl FnOnce()) {
    if catch_unwind(AssertUnwindSafe(work)).is_err() {
        eprintln!("not caught: {}", LAST_PANIC.lock().expect("no panic holds it"));
        std::process::abort();
    }
}

/// Reads a file with the reader of that name, whether or not the reader recognises it.
pub fn read(format: &str, file: &Opened) -> Vec<Grid> {
    let format = FORMATS.iter().find(|one| one.name == format).expect("a reader of that name");
    std::hint::black_box((format.recognises)(&file.bytes));
    let grids = (format.read)(file).unwrap_or_default();
    grids.iter().for_each(check);
    grids
}

/// A file of one part.
pub fn file(name: &str, bytes: &[u8]) -> Opened {
    Opened { name: name.to_owned(), bytes: bytes.to_owned(), ..Opened::default() }
}

/// What must hold of a grid: one shape or none for each row, coordinates that can be kept, and a
/// claim that is understood or refused.
pub fn check(grid: &Grid) {
    for row in [0, 1, grid.rows().saturating_sub(1), grid.rows()] {
        for column in 0..grid.columns() {
            std::hint::black_box(grid.cell(row, column));
        }
    }
    let Some(shapes) = &grid.shapes else { return };
    assert_eq!(shapes.all.len(), grid.rows(), "one shape per row");
    for shape in shapes.all.iter().flatten() {
        assert!(bounds::kept(shape.clone()).is_ok(), "a shape that cannot be kept: {shape:?}");
    }
    assert!(shapes.faults.iter().all(|(row, _)| *row < grid.rows().max(1)), "a fault of no row");
    if let Ok(Some(crs)) = Crs::of_claim(&shapes.claim) {
        let transformer = Transformer::new(&crs);
        for shape in shapes.all.iter().flatten().take(64) {
            std::hint::black_box(transformer.geometry_to_lonlat(shape));
        }
    }
}

/// An archive of these files: what is fuzzed is their content, whose checksum then fits.
pub fn archive(members: &[(&str, &[u8])]) -> Vec<u8> {
    use std::io::Write;
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let stored =
        zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (name, bytes) in members {
        writer.start_file(*name, stored).expect("a member");
        writer.write_all(bytes).expect("written to memory");
    }
    writer.finish().expect("an archive").into_inner()
}

/// A target: what is done with the bytes, watched and guarded.
#[macro_export]
macro_rules! target {
    (|$bytes:ident| $work:expr) => {
        libfuzzer_sys::fuzz_target!(init: $crate::watch_panics(), |$bytes: &[u8]| {
            $crate::guarded(|| {
                let _ = $work;
            })
        });
    };
}
