//! Whatever the bytes, a shapefile is read or refused; it never panics and never keeps more than
//! its bytes account for.

use geo::CoordsIter;
use proptest::prelude::*;

use super::sample::*;
use super::*;
use crate::source::zipped;

/// Valid files of every kind of shape, to be damaged.
fn valid() -> [Vec<u8>; 4] {
    let hole = turned(square(1.0, 1.0, 1.0));
    let measured = [parts(23, &[vec![(0.0, 0.0), (1.0, 1.0)]]), vec![0; 32]].concat();
    let mut several = parts(8, &[vec![(0.0, 0.0), (1.0, 1.0)]]);
    several.drain(40..48);
    several[36] = 2;
    let (shp, shx) = shp(&[
        parts(5, &[square(0.0, 0.0, 3.0), hole, square(5.0, 5.0, 1.0)]),
        measured,
        point(11, 1.0, 2.0, &[3.0, 4.0]),
        several,
        vec![0; 4],
    ]);
    let record: [&[u8]; 4] = [b"1", "幸福里".as_bytes(), b"20240101", &[1, 2, 3, 4]];
    let dbf = dbf(
        0x57,
        &[(b"ID", b'N', 4), ("名称".as_bytes(), b'C', 12), (b"DAY", b'D', 8), (b"X", b'I', 4)],
        &[record.as_slice(); 5],
    );
    [shp, shx, dbf, b"UTF-8".to_vec()]
}

/// Reads whatever it is and looks at all of it.
fn try_all([shp, shx, dbf, cpg]: &[Vec<u8>; 4]) {
    for parts in [
        &[("dbf", &dbf[..]), ("shx", shx), ("cpg", cpg), ("prj", cpg)][..],
        &[("dbf", dbf)],
        &[("shx", shx)],
    ] {
        let opened = opened(shp, parts);
        let Ok(grids) = read(&opened) else { continue };
        let shapes = grids[0].shapes.as_ref().expect("shapes");
        assert_eq!(shapes.all.len(), grids[0].rows());
        let points: usize = shapes.all.iter().flatten().map(|shape| shape.coords_count()).sum();
        // Each point takes 16 bytes of the file; a ring that was open gets one more.
        assert!(points <= shp.len() / 8, "{points} points in {} bytes", shp.len());
        assert!(grids[0].rows() <= 1 + dbf.len() + shp.len());
        assert!(shapes.faults.iter().all(|(row, _)| (1..grids[0].rows()).contains(row)));
    }
}

proptest! {
    #[test]
    fn random_bytes_are_read_or_refused(
        shp in prop::collection::vec(any::<u8>(), 0..400),
        shx in prop::collection::vec(any::<u8>(), 0..200),
        dbf in prop::collection::vec(any::<u8>(), 0..300),
        cpg in prop::collection::vec(any::<u8>(), 0..12),
    ) {
        let [head, ..] = valid();
        let with_header = [&head[..100], &shp].concat();
        try_all(&[with_header, shx, dbf, cpg]);
        let _ = zipped::recognises(&shp);
    }

    #[test]
    fn damaged_files_are_read_or_refused(
        changes in prop::collection::vec((0usize..4, any::<prop::sample::Index>(), any::<u8>()), 0..12),
        cuts in prop::array::uniform4(prop::option::weighted(0.2, any::<prop::sample::Index>())),
    ) {
        let mut files = valid();
        for (file, at, byte) in changes {
            let at = at.index(files[file].len());
            // Small numbers and large ones make counts that nearly fit, or not at all.
            files[file][at] = byte;
        }
        for (file, cut) in files.iter_mut().zip(cuts) {
            if let Some(cut) = cut {
                file.truncate(cut.index(file.len()));
            }
        }
        try_all(&files);
    }

    #[test]
    fn damaged_counts_are_read_or_refused(
        at in 100usize..300,
        number in prop::sample::select(vec![0u32, 1, 2, 3, 5, 255, 65_535, 1 << 24, i32::MAX as u32, u32::MAX]),
        is_big_endian in any::<bool>(),
    ) {
        let mut files = valid();
        let bytes = if is_big_endian { number.to_be_bytes() } else { number.to_le_bytes() };
        for file in files.iter_mut().take(3) {
            let at = at.min(file.len() - 4);
            file[at..at + 4].copy_from_slice(&bytes);
        }
        try_all(&files);
    }
}
