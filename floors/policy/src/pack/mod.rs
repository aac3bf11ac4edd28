//! Policy packs: literate Markdown in, rules out.
//!
//! A pack is a folder: `pack.toml` (front matter), one `NN-slug.md` per chapter in the instrument's order, and `cases/*.toml` with
//! `[[test]]` blocks; or a single file that opens with the front matter between `+++` lines. Under a heading `## … {#id}` stand our own
//! restatement (Chinese paragraphs; English ones are recognised by their letters or open with `EN: `) and fenced `toml` blocks.
//!
//! Reading order: `model` (what a pack says), `lex` (pieces of a file), `node` (TOML with lines), `reader` and `blocks` (pieces into
//! rules), `bound` and `number`, `load`, `check`.
pub(crate) mod blocks;
pub(crate) mod bound;
mod check;
mod fault;
pub(crate) mod lex;
mod load;
mod model;
pub(crate) mod node;
pub(crate) mod number;
mod reader;

pub use check::{OPTIONS, check_layers};
pub use fault::{Fault, Faults};
pub use load::Source;
pub use model::*;
