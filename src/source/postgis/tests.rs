use geo_types::{Geometry, point};
use postgres::Client;

use super::*;
use crate::layer::Claim;

/// A schema of its own on the server under test, dropped at the end.
struct Town {
    connection: String,
    schema: String,
}

impl Town {
    /// None without a server, which the test then says.
    fn new(test: &str) -> Option<Town> {
        let Ok(connection) = std::env::var("FACILITY_AUDIT_PG") else {
            println!("skipped: needs PostgreSQL with PostGIS (FACILITY_AUDIT_PG)");
            return None;
        };
        let schema = format!("审计 \"{test}\" {}", std::process::id());
        let town = Town { connection, schema };
        town.run(&format!("CREATE SCHEMA {}", quoted(&town.schema)));
        Some(town)
    }

    fn run(&self, sql: &str) {
        let mut client = Client::connect(&self.connection, NoTls).expect("connects");
        client.batch_execute(sql).expect("runs");
    }

    /// Creates a table in the schema and reads it by its name.
    fn table(&self, name: &str, columns: &str, rows: &str) -> Grid {
        let table = self.name(name);
        self.run(&format!("CREATE TABLE {table} ({columns}); INSERT INTO {table} VALUES {rows}"));
        read(&self.connection, &table).expect("reads")
    }

    fn name(&self, table: &str) -> String {
        format!("{}.{}", quoted(&self.schema), quoted(table))
    }
}

impl Drop for Town {
    fn drop(&mut self) {
        self.run(&format!("DROP SCHEMA {} CASCADE", quoted(&self.schema)));
    }
}

fn rows(grid: &Grid) -> Vec<Vec<&str>> {
    (0..grid.rows())
        .map(|row| (0..grid.columns()).map(|column| grid.cell(row, column)).collect())
        .collect()
}

#[test]
fn a_table_is_read_with_its_geometry_and_types() {
    let Some(town) = Town::new("types") else { return };
    let grid = town.table(
        "小区; drop",
        "编号 text PRIMARY KEY, geom geometry, 面积 float8, 单 float4, 钱 numeric(10, 2),
         户数 int8, 老旧 bool, 建成 date, 刻 timestamptz, \"引\"\"号\" text, 图 bytea",
        "('b', 'SRID=4547;POINT Z (512345.5 3384000.25 9)', 0.1::float8 + 0.2, 0.1, 12.5, -3, true, '2023-04-05',
          '2023-04-04T16:00:00Z', '甲', 'x'), ('a', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
         ('c', 'SRID=4547;POINT EMPTY', 'Infinity', NULL, NULL, NULL, false, NULL, NULL, NULL, NULL),
         ('d', 'SRID=4547;CIRCULARSTRING(0 0, 1 1, 2 0)', 1e300, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)",
    );
    assert_eq!(
        rows(&grid)[..3],
        [
            vec!["编号", "面积", "单", "钱", "户数", "老旧", "建成", "刻", "引\"号"],
            vec!["a", "", "", "", "", "", "", "", ""],
            vec![
                "b",
                "0.30000000000000004",
                "0.1",
                "12.50",
                "-3",
                "true",
                "2023-04-05",
                "2023-04-05 00:00:00+08",
                "甲"
            ],
        ]
    );
    let shapes = grid.shapes.as_ref().expect("a layer");
    let place: Geometry<f64> = point!(x: 512_345.5, y: 3_384_000.25).into();
    assert_eq!(shapes.all, [None, None, Some(place), None, None]);
    assert_eq!(shapes.claim, Claim::Epsg(4547));
    assert_eq!(shapes.faults.iter().map(|(row, _)| *row).collect::<Vec<_>>(), [4]);
    assert!(grid.notes[0].zh.contains("图"));
}

#[test]
fn a_query_is_read_like_a_table_but_cannot_write() {
    let Some(town) = Town::new("query") else { return };
    town.table("t", "n int", "(1), (2), (3)");
    let table = town.name("t");
    let query = format!(
        "SELECT n, ST_SetSRID(ST_MakePoint(n, n), 4490) g FROM {table} ORDER BY n DESC -- 降序"
    );
    let grid = read(&town.connection, &query).expect("reads");
    assert_eq!(rows(&grid), [["n"], ["3"], ["2"], ["1"]]);
    assert_eq!(grid.shapes.expect("a layer").claim, Claim::Epsg(4490));
    for query in [
        format!("WITH d AS (DELETE FROM {table} RETURNING n) SELECT * FROM d"),
        "SELECT 1) AS layer; DROP TABLE t; --".to_owned(),
        "SELECT set_config('transaction_read_only', 'off', false), nextval('none')".to_owned(),
    ] {
        assert!(read(&town.connection, &query).is_err(), "{query}");
    }
    assert_eq!(read(&town.connection, &table).expect("still there").rows(), 4);
}

#[test]
fn what_the_rows_disagree_on_is_a_fault() {
    let Some(town) = Town::new("srid") else { return };
    let grid = town.table(
        "t",
        "g geometry, h geography",
        "('SRID=4490;POINT(1 2)', NULL), ('SRID=4326;POINT(1 2)', NULL)",
    );
    let shapes = grid.shapes.as_ref().expect("a layer");
    assert_eq!((grid.rows(), grid.columns(), shapes.all.len()), (3, 0, 3));
    assert_eq!((shapes.claim.clone(), shapes.faults[0].0), (Claim::Epsg(4490), 2));
    assert!(grid.notes.iter().any(|note| note.zh.contains("主键")));
    let plain = town.table("u", "g geometry, n int", "('POINT(1 2)', 1)");
    assert_eq!(plain.shapes.expect("a layer").claim, Claim::None);
    let globe =
        town.table("v", "g geography, n int PRIMARY KEY", "('POINT(114 30)', 10), (NULL, 9)");
    assert_eq!((globe.cell(1, 0), globe.cell(2, 0)), ("9", "10"));
    assert_eq!(globe.shapes.expect("a layer").claim, Claim::Epsg(4326));
}

#[test]
fn what_is_not_there_is_named_without_the_connection_string() {
    let Some(town) = Town::new("absent") else { return };
    let words = read(&town.connection, "没有这个表").expect_err("absent");
    assert!(words.zh.contains("没有这个表") && !words.zh.contains(&town.connection));
    let words = read(&town.connection, "SELECT * FROM 没有").expect_err("absent");
    assert!(words.zh.contains("拒绝"), "{words}");
}

#[test]
fn a_server_that_is_not_there_is_a_plain_refusal() {
    let words = read("host=127.0.0.1 port=1 user=gis password=geheim", "t").expect_err("no server");
    assert!(words.zh.contains("无法连接") && !words.zh.contains("geheim"), "{words}");
    assert!(read("port=x password=geheim", "t").is_err_and(|words| !words.en.contains("geheim")));
}
