//! `audit.parquet`: all that has a place as one GeoParquet layer.

use super::Format;
use super::fgb::one;

pub const FORMAT: Format = Format {
    extension: "parquet",
    zh: "GeoParquet：有位置的对象及其结论，一个图层",
    en: "GeoParquet: what has a place, with its verdicts, as one layer",
    write: |reported, lang| one(reported.audit, "parquet", lang),
};
