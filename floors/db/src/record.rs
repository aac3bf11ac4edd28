//! Rows as structs: one declaration gives the struct, its columns and its reading. Questions stay SQL.
use crate::{FromRow, Value};

/// A struct that is a row of one table. The first field is the key.
pub trait Record: FromRow + serde::Serialize + serde::de::DeserializeOwned {
    /// The table.
    const TABLE: &'static str;
    /// The columns in declared order; the first is the key.
    const COLUMNS: &'static [&'static str];
    /// The cells in declared order.
    fn values(&self) -> Vec<Value>;
}

/// Declares a [`Record`](crate::Record): `record! { pub struct Room in "room" { id: RecordId, name: String, to: Option<Day> } }`.
/// Field names are column names. Serialised, the struct is also what the event log keeps as before and after.
#[macro_export]
macro_rules! record {
    ($(#[$doc:meta])* pub struct $name:ident in $table:literal { $($(#[$fdoc:meta])* $field:ident : $ty:ty),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
        pub struct $name { $($(#[$fdoc])* pub $field: $ty),+ }
        impl $crate::FromRow for $name {
            fn from_row(row: &$crate::Row) -> $crate::Result<Self> {
                Ok(Self { $($field: row.get(stringify!($field))?),+ })
            }
        }
        impl $crate::Record for $name {
            const TABLE: &'static str = $table;
            const COLUMNS: &'static [&'static str] = &[$(stringify!($field)),+];
            fn values(&self) -> Vec<$crate::Value> {
                vec![$($crate::Cell::to_value(&self.$field)),+]
            }
        }
    };
}

/// Declares a closed set of words kept as text: `words! { pub enum Employment { FullTime = "full_time", PartTime = "part_time" } }`.
/// Gives `as_str`, `parse`, `ALL`, `Display`, serde and [`Cell`](crate::Cell). The text is also the locale key's last part.
#[macro_export]
macro_rules! words {
    ($(#[$doc:meta])* pub enum $name:ident { $($(#[$vdoc:meta])* $var:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $text)] $var),+ }
        impl $name {
            /// Every word, in declared order.
            pub const ALL: &'static [Self] = &[$(Self::$var),+];
            /// Every word as kept, in declared order.
            pub const WORDS: &'static [&'static str] = &[$($text),+];
            /// The word as kept.
            pub const fn as_str(self) -> &'static str { match self { $(Self::$var => $text),+ } }
            /// The word from its kept text.
            pub fn parse(text: &str) -> Option<Self> { match text { $($text => Some(Self::$var),)+ _ => None } }
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.write_str(self.as_str()) }
        }
        impl $crate::Cell for $name {
            fn to_value(&self) -> $crate::Value { $crate::Value::Text(self.as_str().to_owned()) }
            fn from_value(v: &$crate::Value) -> Option<Self> {
                if let $crate::Value::Text(t) = v { Self::parse(t) } else { None }
            }
        }
    };
}
