//! The points of a delimited table, whichever of its first rows holds the headings.
#![no_main]

use facility_audit_fuzz::source::points_of;
use facility_audit_fuzz::{check, file, read, target};

target!(|bytes| {
    for mut grid in read("csv", &file("台账.csv", bytes)) {
        for header in 0..3 {
            grid.shapes = points_of(&grid, header);
            check(&grid);
        }
    }
});
