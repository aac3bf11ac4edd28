//! A file of many records as one paper: cover, index with page numbers, sections in the archive's order. One model, several printers: [`docx`]
//! here, PDF in a crate of its own because it is heavy to build ([`Printer`] is how the app hands it to whoever prints).
pub mod docx;

use std::sync::OnceLock;

use serde::Serialize;

/// A report.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    pub title: String,
    /// Below the title: the number, the client.
    pub subtitle: String,
    /// What the cover says, as (label, text).
    pub cover: Vec<(String, String)>,
    pub sections: Vec<Section>,
    /// At the foot of every page.
    pub foot: String,
    /// The heading of the index.
    pub index: String,
    /// What stands in a section without content.
    pub nothing: String,
}

/// A section begins on a new page and has its line in the index.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Section {
    pub title: String,
    pub blocks: Vec<Block>,
}

/// A part of a section.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", content = "value", rename_all = "snake_case")]
pub enum Block {
    /// The title of one record, with what is small beside it.
    Heading(String, String),
    /// Paragraphs; a line break begins a new one.
    Text(String),
    /// Labels and texts, in a bordered table of two columns.
    Pairs(Vec<(String, String)>),
    Table {
        heads: Vec<String>,
        rows: Vec<Vec<String>>,
    },
    /// Boxes to sign in.
    Signatures(Vec<String>),
}

/// Turns a report into bytes, or says what is missing.
pub type Print = fn(&Report) -> Result<Vec<u8>, PrintFault>;

/// The printer of PDF, when this build has one.
#[derive(Default)]
pub struct Printer(pub OnceLock<Print>);

/// Why a report could not be printed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PrintFault {
    /// No font with Chinese signs was found.
    #[error("no Chinese font")]
    NoFont,
    #[error("{0}")]
    Broken(String),
}
