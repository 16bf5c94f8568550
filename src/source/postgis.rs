//! A table or query of a PostgreSQL database with PostGIS.
//!
//! Everything is read in one transaction that cannot write. The server turns its values to text, so
//! that they read the same in every version.

mod shapes;
mod wanted;

use std::time::Duration;

use postgres::fallible_iterator::FallibleIterator;
use postgres::types::{ToSql, Type};
use postgres::{Config, Error, IsolationLevel, NoTls, Transaction};

use crate::layer::{Grid, TextColumn};
use crate::words::Words;

use self::shapes::GeometryColumn;
use self::wanted::{Wanted, quoted};
use super::Read;

/// How long to wait for a server unless the connection string says otherwise.
const PATIENCE: Duration = Duration::from_secs(15);

/// How the server writes values: days as digits, moments in Beijing time, numbers in full.
const AS_TEXT: &str = "SET LOCAL datestyle = 'ISO, YMD'; SET LOCAL timezone = 'Asia/Shanghai';
    SET LOCAL extra_float_digits = 3; SET LOCAL intervalstyle = 'iso_8601'";

/// Reads `source`, the name of a table or view or a `SELECT`, from the database at `connection`,
/// a string such as `host=localhost user=gis dbname=town` or `postgresql://gis@localhost/town`.
///
/// # Errors
/// When the server cannot be reached, or refuses. The connection string is in no message.
pub fn read(connection: &str, source: &str) -> Read<Grid> {
    let wanted = Wanted::parse(source)?;
    let mut config: Config = connection.parse().map_err(|error| no_string(&error))?;
    if config.get_connect_timeout().is_none() {
        config.connect_timeout(PATIENCE);
    }
    if config.get_application_name().is_none() {
        config.application_name("facility-audit");
    }
    let mut client = config.connect(NoTls).map_err(|error| no_connection(&error))?;
    let transaction = client
        .build_transaction()
        .read_only(true)
        .isolation_level(IsolationLevel::RepeatableRead)
        .start()
        .map_err(|error| no_connection(&error))?;
    read_layer(transaction, &wanted).map_err(|failure| match failure {
        Failure::Server(error) => refused(&wanted, &error),
        Failure::Words(words) => words,
    })
}

enum Failure {
    Server(Error),
    Words(Words),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        Failure::Server(error)
    }
}

fn read_layer(mut transaction: Transaction<'_>, wanted: &Wanted) -> Result<Grid, Failure> {
    transaction.batch_execute(AS_TEXT)?;
    let Some(from) = wanted.resolve(&mut transaction)? else {
        return Err(Failure::Words(no_table(wanted)));
    };
    let layout = Layout::of(&mut transaction, &from.sql)?;
    let mut columns: Vec<TextColumn> = layout.fields.iter().map(|name| heading(name)).collect();
    let mut shapes = layout.geometry.as_ref().map(|_| shapes::Collected::default());
    let sql = layout.select(&from);
    let mut rows = transaction.query_raw(&sql, std::iter::empty::<&dyn ToSql>())?;
    while let Some(row) = rows.next()? {
        for (place, column) in columns.iter_mut().enumerate() {
            column.push(row.try_get::<_, Option<&str>>(place)?.unwrap_or(""));
        }
        if let Some(shapes) = &mut shapes {
            shapes.push(row.try_get(columns.len())?);
        }
    }
    drop(rows);
    let rows = shapes.as_ref().map_or(0, shapes::Collected::rows);
    let mut grid = Grid::from_columns(Some(wanted.label()), columns);
    while grid.rows() < rows {
        grid.push_row([]);
    }
    grid.notes = layout.notes;
    grid.notes.extend(from.is_unordered.then(unordered));
    if let (Some(shapes), Some(column)) = (shapes, &layout.geometry) {
        grid.shapes = Some(shapes.finish(&mut transaction, column, &mut grid.notes)?);
    }
    transaction.rollback()?;
    Ok(grid)
}

fn heading(name: &str) -> TextColumn {
    let mut column = TextColumn::default();
    column.push(name);
    column
}

/// The columns of a table or query, by what becomes of them.
struct Layout {
    fields: Vec<String>,
    geometry: Option<GeometryColumn>,
    notes: Vec<Words>,
}

impl Layout {
    fn of(transaction: &mut Transaction<'_>, from: &str) -> Result<Layout, Error> {
        let statement = transaction.prepare(&format!("SELECT * FROM {from} LIMIT 0"))?;
        let mut layout = Layout { fields: Vec::new(), geometry: None, notes: Vec::new() };
        let mut left_out = Vec::new();
        for column in statement.columns() {
            let (name, kind) = (column.name().to_owned(), column.type_());
            if matches!(kind.name(), "geometry" | "geography") && layout.geometry.is_none() {
                layout.geometry = Some(GeometryColumn { name, schema: kind.schema().to_owned() });
            } else if matches!(kind.name(), "geometry" | "geography" | "raster")
                || *kind == Type::BYTEA
            {
                left_out.push(name);
            } else {
                layout.fields.push(name);
            }
        }
        if !left_out.is_empty() {
            layout.notes.push(Words::new(
                format!("未读的列（二进制或其他几何）：{}", left_out.join("，")),
                format!("columns not read (binary or further geometry): {}", left_out.join(", ")),
            ));
        }
        Ok(layout)
    }

    fn select(&self, from: &wanted::Relation) -> String {
        let text = |name: &String| format!("{}::text", quoted(name));
        let mut columns: Vec<String> = self.fields.iter().map(text).collect();
        columns.extend(self.geometry.as_ref().map(GeometryColumn::as_binary));
        // A table without columns still has rows.
        if columns.is_empty() {
            columns.push("NULL::text".to_owned());
        }
        format!("SELECT {} FROM {}{}", columns.join(", "), from.sql, from.order)
    }
}

fn no_string(error: &Error) -> Words {
    Words::new(
        format!("数据库连接串无法解析（{error}）；例：host=localhost user=gis dbname=town"),
        format!(
            "the connection string cannot be parsed ({error}); an example: host=localhost user=gis dbname=town"
        ),
    )
}

fn no_connection(error: &Error) -> Words {
    let reason = reason(error);
    Words::new(
        format!("数据库无法连接：{reason}；请检查主机、端口、库名与密码（不支持强制 TLS 的连接）"),
        format!(
            "the database cannot be reached: {reason}; check host, port, database and password (connections that insist on TLS are not supported)"
        ),
    )
}

fn refused(wanted: &Wanted, error: &Error) -> Words {
    let (label, reason) = (wanted.label(), reason(error));
    Words::new(
        format!("{label}：数据库拒绝读取：{reason}"),
        format!("{label}: the database refuses to give it: {reason}"),
    )
}

fn no_table(wanted: &Wanted) -> Words {
    let label = wanted.label();
    Words::new(
        format!("{label}：数据库中没有这个表或视图；请写「模式.表名」，或一条 SELECT 语句"),
        format!(
            "{label}: the database has no such table or view; give schema.table, or a SELECT statement"
        ),
    )
}

fn unordered() -> Words {
    Words::new(
        "没有主键：行的次序由数据库决定，每次可能不同",
        "without a primary key the order of the rows is the database's and may change",
    )
}

/// What the server or the line to it says.
fn reason(error: &Error) -> String {
    if let Some(error) = error.as_db_error() {
        // Messages may quote the statement, which has several lines.
        return error.message().split_whitespace().collect::<Vec<_>>().join(" ");
    }
    let source = std::error::Error::source(error);
    source.map_or_else(|| error.to_string(), |source| format!("{error} ({source})"))
}

#[cfg(test)]
mod tests;
