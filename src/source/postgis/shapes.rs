//! The geometry column of a table, and what its SRID means.

use postgres::{Error, Transaction};

use crate::geometry::wkb;
use crate::layer::{Claim, Shapes};
use crate::words::Words;

use super::super::shape_column::ShapeColumn;
use super::wanted::quoted;

/// A column of geometry, and where PostGIS is installed.
#[derive(Debug)]
pub struct GeometryColumn {
    /// Its name.
    pub name: String,
    /// The schema of its type, which holds the functions too.
    pub schema: String,
}

impl GeometryColumn {
    /// What to select for its bytes.
    pub fn as_binary(&self) -> String {
        let schema = quoted(&self.schema);
        format!("{schema}.ST_AsEWKB({}::{schema}.geometry)", quoted(&self.name))
    }
}

/// The geometry read so far; all of it has one SRID.
#[derive(Debug, Default)]
pub struct Collected {
    shapes: ShapeColumn,
    srid: Option<u32>,
    rows: usize,
}

impl Collected {
    /// Appends the geometry of a row.
    pub fn push(&mut self, bytes: Option<&[u8]>) {
        self.rows += 1;
        let Some(bytes) = bytes else { return self.shapes.push_none() };
        match wkb::read(bytes) {
            Err(words) => self.shapes.push_fault(words),
            Ok((srid, geometry)) => {
                let srid = srid.unwrap_or(0);
                let first = *self.srid.get_or_insert(srid);
                if srid == first {
                    self.shapes.push(geometry);
                } else {
                    self.shapes.push_fault(other_srid(srid, first));
                }
            }
        }
    }

    /// How many rows there are, the row of headings included.
    pub fn rows(&self) -> usize {
        self.rows + 1
    }

    /// All geometry, with what the database knows of its SRID.
    pub fn finish(
        self,
        transaction: &mut Transaction<'_>,
        column: &GeometryColumn,
        notes: &mut Vec<Words>,
    ) -> Result<Shapes, Error> {
        let claim = match self.srid {
            None | Some(0) => Claim::None,
            Some(srid) => claim(transaction, column, srid, notes)?,
        };
        Ok(self.shapes.finish(claim))
    }
}

fn claim(
    transaction: &mut Transaction<'_>,
    column: &GeometryColumn,
    srid: u32,
    notes: &mut Vec<Words>,
) -> Result<Claim, Error> {
    let sql = format!(
        "SELECT coalesce(auth_name::text, ''), coalesce(auth_srid, 0), coalesce(srtext::text, '')
         FROM {}.spatial_ref_sys WHERE srid = $1::bigint",
        quoted(&column.schema)
    );
    let Some(row) = transaction.query_opt(&sql, &[&i64::from(srid)])? else {
        notes.push(Words::new(
            format!("SRID {srid} 不在 spatial_ref_sys 中，视为没有声明坐标系"),
            format!("SRID {srid} is not in spatial_ref_sys: taken as undeclared"),
        ));
        return Ok(Claim::None);
    };
    let (authority, code, text): (String, i32, String) =
        (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
    Ok(match u32::try_from(code) {
        Ok(code) if code > 0 && authority.eq_ignore_ascii_case("EPSG") => Claim::Epsg(code),
        _ if text.trim().is_empty() => Claim::None,
        _ => Claim::Text(text),
    })
}

fn other_srid(srid: u32, first: u32) -> Words {
    Words::new(
        format!("几何的 SRID 是 {srid}，其他行是 {first}；请先用 ST_Transform 统一"),
        format!(
            "the geometry has SRID {srid}, other rows {first}; bring them together with ST_Transform"
        ),
    )
}
