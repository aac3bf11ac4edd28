//! One SQL text, two engines. Slices write `$1` SQL in their `store.rs`; nothing above this floor names an engine.
//!
//! Reading order: [`Db`] is the database, [`Tx`] one transaction on it, [`value`] what goes in and comes out,
//! [`record`] rows as structs, [`event`] the log that says who changed what, linked by hashes.
pub mod error;
pub mod event;
pub mod migration;
pub mod record;
#[cfg(feature = "testing")]
pub mod testing;
pub mod value;

mod conn;
mod engine;
mod handle;
mod lite;
mod once;
mod pg;
mod readers;
mod tx;
mod writer;

pub use error::{Error, Result};
pub use event::{Event, Listener, Stamp};
pub use handle::{Config, Db};
pub use migration::Migration;
pub use record::Record;
pub use tx::Tx;
pub use value::{Cell, FromRow, Row, Value};

/// Builds an argument list: `args![id, name, count]`. Each goes through [`Cell::to_value`].
#[macro_export]
macro_rules! args { ($($x:expr),* $(,)?) => { &[$($crate::Cell::to_value(&$x)),*] }; }

/// Bytes as hexadecimal text.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut out, byte| {
        // Writing into a `String` cannot fail.
        let _ = write!(out, "{byte:02x}");
        out
    })
}
