//! Numbered changes of the schema, forward only, never edited after release.
use sha2::{Digest, Sha256};

use crate::{Error, Result, Row, Tx, args, hex};

/// A change owned by the floor or slice that ships it. Numbers are unique over the whole house.
#[derive(Clone, Copy, Debug)]
pub struct Migration {
    pub number: u32,
    pub name: &'static str,
    /// The SQL text, for both engines.
    pub sql: &'static str,
    /// PostgreSQL's own text (`NNNN_x.pg.sql`), only where the engines truly differ.
    pub pg: Option<&'static str>,
}

/// `migration!(12, "0012_post")` → the file `migrations/0012_post.sql` beside the crate's `src`.
/// `migration!(12, "0012_post", pg)` also takes `migrations/0012_post.pg.sql` for PostgreSQL.
#[macro_export]
macro_rules! migration {
    ($number:literal, $file:literal) => {
        $crate::Migration {
            number: $number,
            name: $file,
            sql: include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/migrations/", $file, ".sql")),
            pg: None,
        }
    };
    ($number:literal, $file:literal, pg) => {
        $crate::Migration {
            number: $number,
            name: $file,
            sql: include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/migrations/", $file, ".sql")),
            pg: Some(include_str!(concat!(
                env!("CARGO_MANIFEST_DIR"),
                "/migrations/",
                $file,
                ".pg.sql"
            ))),
        }
    };
}

/// This floor's own: numbers 1 to 9. [`crate::Db::open`] adds them by itself.
const OWN: [Migration; 3] = [
    migration!(1, "0001_event", pg),
    migration!(2, "0002_idempotency"),
    migration!(3, "0003_vault"),
];

/// Where applied migrations are written down. Without a time: nothing on this floor reads the clock.
pub(crate) const TABLE: &str = "CREATE TABLE IF NOT EXISTS migration \
    (number BIGINT PRIMARY KEY, name TEXT NOT NULL, hash TEXT NOT NULL)";

/// This floor's migrations and the given ones, by number.
///
/// # Errors
/// When two share a number.
pub(crate) fn sorted(given: &[Migration]) -> Result<Vec<Migration>> {
    let mut all: Vec<Migration> = OWN.iter().chain(given).copied().collect();
    all.sort_by_key(|m| m.number);
    for (a, b) in all.iter().zip(all.iter().skip(1)) {
        if a.number == b.number {
            return Err(Error::Broken(format!(
                "migrations `{}` and `{}` share number {}",
                a.name, b.name, a.number
            )));
        }
    }
    Ok(all)
}

/// Applies what is not applied yet, in number order, in the transaction given.
///
/// # Errors
/// When an applied migration's text is another one now, when the database knows one that `all` does not, or when one fails.
pub(crate) fn apply(tx: &mut Tx<'_>, all: &[Migration], pg: bool) -> Result<()> {
    tx.batch(TABLE)?;
    let mut applied = std::collections::BTreeMap::new();
    for row in tx.all::<Row>("SELECT number, name, hash FROM migration ORDER BY number", args![])? {
        let (number, name, hash): (i64, String, String) = (row.at(0)?, row.at(1)?, row.at(2)?);
        if !all.iter().any(|m| i64::from(m.number) == number) {
            return Err(Error::Broken(format!(
                "the database is newer than this program: it has migration {number} `{name}`, which this program does not know"
            )));
        }
        applied.insert(number, hash);
    }
    for m in all {
        let text = if pg { m.pg.unwrap_or(m.sql) } else { m.sql };
        let hash = hex(&Sha256::digest(text.as_bytes()));
        match applied.get(&i64::from(m.number)) {
            Some(then) if *then == hash => {}
            Some(_) => {
                return Err(Error::Broken(format!(
                    "migration {} `{}` was edited after it was applied here; write a new one instead",
                    m.number, m.name
                )));
            }
            None => {
                tx.batch(text).map_err(|e| {
                    Error::Broken(format!("migration {} `{}`: {e}", m.number, m.name))
                })?;
                tx.run(
                    "INSERT INTO migration (number, name, hash) VALUES ($1, $2, $3)",
                    args![i64::from(m.number), m.name, hash],
                )?;
            }
        }
    }
    Ok(())
}
