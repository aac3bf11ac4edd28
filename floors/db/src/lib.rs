//! One SQL text, two engines. Slices write `$1` SQL in their `store.rs`; nothing above this floor names an engine.
//!
//! Reading order: [`Db`] is the database, [`Tx`] one transaction on it, [`value`] what goes in and comes out,
//! [`mod@record`] rows as structs, [`event`] the log that says who changed what, linked by hashes. Inside: `writer` is the one thread that
//! writes, `readers` the pool beside it, `engine` the seam under which `lite` and `pg` are alike.
//!
//! Both engines answer alike, and the tests hold them to it: text in order of code points, `LIKE` minding case, truth as 0 or 1, sums as
//! whole numbers, no NUL in text, and after a refused statement nothing of its savepoint stays.
pub mod error;
pub mod event;
pub mod migration;
pub mod record;
#[cfg(feature = "testing")]
pub mod testing;
pub mod value;
pub mod vault;

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
pub use vault::{Sealed, Vault};

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
