//! Numbered changes of the schema, forward only, never edited after release.

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

/// `migration!(12, "post")` → the file `migrations/0012_post.sql` beside the crate's `src`.
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
}
