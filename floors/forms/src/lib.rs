//! Forms and scales as data: what is asked, what an answer may be, what it scores, and where answers are kept.
//!
//! Reading order: [`form`] is a form and its fields, [`load`] reads one from TOML and says every fault at its line, [`when`] and
//! [`compute`] are its two small languages, [`read`] is the one way in for page, API and import, [`score`] is the scales' arithmetic,
//! [`library`] the shipped forms and the bureau's own, [`answer`] the kept answers.
//!
//! Clauses: 4A.2-6 (files and rules), 4B.4-2 (精细化); standards MZ/T 094, 095, 071, 166. A scale screens and never diagnoses.
pub mod answer;
pub mod compute;
pub mod form;
pub mod library;
pub mod load;
pub mod read;
pub mod score;
pub mod when;

mod store;

pub use answer::{AnswerState, FormAnswer, FormDefinition, Hand, Keeping, Kept};
pub use form::{Class, Field, Form, FormKind, Kind, Opt, Purpose, Required, Section, Text};
pub use library::Library;
pub use load::Fault;
pub use read::Answers;
pub use score::{Alert, Band, BandSet, Score};

use db::Migration;

/// This floor's tables.
pub const MIGRATIONS: &[Migration] = &[db::migration!(24, "0024_forms")];
/// This floor's sentences.
pub const LOCALES: locale::Texts = locale::texts!();
