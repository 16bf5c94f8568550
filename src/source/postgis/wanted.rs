//! What the user names: a table, or a query.

use postgres::{Error, Transaction};

use crate::words::Words;

use super::super::Read;

/// A table or a query, as the user wrote it.
#[derive(Debug, PartialEq)]
pub enum Wanted {
    /// The name of a table or view, perhaps with its schema.
    Table(String),
    /// A statement that gives rows.
    Query(String),
}

/// What stands behind `FROM`.
#[derive(Debug)]
pub struct Relation {
    /// The table or query, ready for use in a statement.
    pub sql: String,
    /// The order of the rows, with its keyword; blank when there is none.
    pub order: String,
    /// Whether the order of a table is not fixed.
    pub is_unordered: bool,
}

impl Wanted {
    /// Tells a query from a name by its first word.
    pub fn parse(source: &str) -> Read<Wanted> {
        let source = source.trim().trim_end_matches(';').trim_end();
        if source.is_empty() || source.contains('\0') {
            return Err(Words::new(
                "没有写要读的表或查询；请写「模式.表名」，或一条 SELECT 语句",
                "no table or query is named; give schema.table, or a SELECT statement",
            ));
        }
        let first = source.split(|c: char| c.is_whitespace() || c == '(').next().unwrap_or("");
        let is_query =
            ["select", "with", "values"].iter().any(|word| first.eq_ignore_ascii_case(word))
                && first.len() < source.len();
        let source = source.to_owned();
        Ok(if is_query { Wanted::Query(source) } else { Wanted::Table(source) })
    }

    /// What messages call it.
    pub fn label(&self) -> String {
        match self {
            Wanted::Table(name) => name.clone(),
            Wanted::Query(query) => {
                let short: String = query.chars().take(60).collect();
                short.split_whitespace().collect::<Vec<_>>().join(" ")
            }
        }
    }

    /// What stands behind `FROM`; none when the database has no such table.
    pub fn resolve(&self, transaction: &mut Transaction<'_>) -> Result<Option<Relation>, Error> {
        match self {
            // The line break ends a comment that the query may end with.
            Wanted::Query(query) => Ok(Some(Relation {
                sql: format!("(\n{query}\n) AS layer"),
                order: String::new(),
                is_unordered: false,
            })),
            Wanted::Table(name) => {
                for spelling in spellings(name) {
                    if let Some(from) = table(transaction, &spelling)? {
                        return Ok(Some(from));
                    }
                }
                Ok(None)
            }
        }
    }
}

/// A name as SQL writes it.
pub fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// The ways to understand a name: exactly as written, or as the server reads it.
fn spellings(name: &str) -> Vec<Vec<String>> {
    if let Some(parts) = quoted_parts(name) {
        return vec![parts];
    }
    let mut all = vec![vec![name.to_owned()]];
    if let Some((schema, table)) = name.split_once('.') {
        all.push(vec![schema.to_owned(), table.to_owned()]);
    }
    let lower: Vec<Vec<String>> = all
        .iter()
        .map(|parts| parts.iter().map(|part| part.to_ascii_lowercase()).collect())
        .collect();
    all.extend(lower);
    all
}

/// The parts of a name in which at least one is in double quotes, as SQL writes it.
fn quoted_parts(name: &str) -> Option<Vec<String>> {
    if !name.contains('"') {
        return None;
    }
    let mut parts = vec![String::new()];
    let mut inside = false;
    let mut chars = name.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if inside && chars.peek() == Some(&'"') => {
                chars.next();
                parts.last_mut()?.push('"');
            }
            '"' => inside = !inside,
            '.' if !inside => parts.push(String::new()),
            other => parts.last_mut()?.push(other),
        }
    }
    (!inside && parts.len() <= 2).then_some(parts)
}

/// Looks a table up; its name goes to the server as a value, never as part of a statement.
fn table(transaction: &mut Transaction<'_>, parts: &[String]) -> Result<Option<Relation>, Error> {
    let (schema, table) = match parts {
        [table] => (None, table),
        [schema, table] => (Some(schema), table),
        _ => return Ok(None),
    };
    let found = transaction.query_opt(
        "SELECT c.oid, n.nspname::text, c.relname::text FROM pg_catalog.pg_class c
         JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
         WHERE c.relname::text = $1 AND c.relkind IN ('r', 'v', 'm', 'f', 'p')
           AND CASE WHEN $2::text IS NULL THEN pg_catalog.pg_table_is_visible(c.oid)
                    ELSE n.nspname::text = $2 END",
        &[table, &schema],
    )?;
    let Some(found) = found else { return Ok(None) };
    let (oid, schema, table): (u32, String, String) =
        (found.try_get(0)?, found.try_get(1)?, found.try_get(2)?);
    let keys = transaction.query(
        "SELECT a.attname::text FROM pg_catalog.pg_index i
         JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
         WHERE i.indrelid = $1 AND i.indisprimary
         ORDER BY array_position(i.indkey::int2[], a.attnum)",
        &[&oid],
    )?;
    let sql = format!("{}.{}", quoted(&schema), quoted(&table));
    // A bare name would be that of the column turned to text, where 10 comes before 9.
    let keys = keys
        .iter()
        .map(|row| row.try_get::<_, String>(0).map(|name| format!("{sql}.{}", quoted(&name))))
        .collect::<Result<Vec<String>, Error>>()?;
    let order =
        if keys.is_empty() { String::new() } else { format!(" ORDER BY {}", keys.join(", ")) };
    Ok(Some(Relation { sql, order, is_unordered: keys.is_empty() }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_told_from_a_name_by_its_first_word() {
        let query = |text: &str| matches!(Wanted::parse(text), Ok(Wanted::Query(_)));
        assert!(query(" select * from a;"));
        assert!(query("WITH a AS (SELECT 1) SELECT * FROM a") && query("values(1)"));
        assert!(!query("select") && !query("selected_estates") && !query("公共.小区"));
        assert_eq!(Wanted::parse("小区;"), Ok(Wanted::Table("小区".into())));
        assert!(Wanted::parse(" ; ").is_err() && Wanted::parse("a\0b").is_err());
    }

    #[test]
    fn a_name_is_taken_as_written_before_it_is_folded() {
        let names = |text| spellings(text).iter().map(|parts| parts.join("/")).collect::<Vec<_>>();
        assert_eq!(names("GIS.小区"), ["GIS.小区", "GIS/小区", "gis.小区", "gis/小区"]);
        assert_eq!(names(r#""A.b"."c""d""#), [r#"A.b/c"d"#]);
        assert_eq!(quoted_parts(r#""open"#), None);
        assert_eq!(quoted(r#"a"; drop table b; --"#), r#""a""; drop table b; --""#);
    }
}
