//! What can be wrong with a paper. Each fault is a sentence in `locale/` that tells the person what to do next.
use std::fmt;

use kernel::Refusal;
use serde::{Deserialize, Serialize};

/// Why a file could not be taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Fault {
    /// More bytes than are accepted; the limit is in MiB.
    TooLarge { mib: u64 },
    /// Small on disk, far too large unpacked, or more memory than a reader may have.
    Bomb,
    /// Neither xlsx nor CSV text.
    NotASheet,
    /// The binary format of Excel 97–2003.
    OldExcel,
    /// A workbook that carries macros.
    Macros,
    /// Protected by a password.
    Encrypted,
    /// An XML part declares a DOCTYPE or an entity, which no spreadsheet program writes.
    Doctype,
    /// More rows than the import takes, empty row elements included.
    TooManyRows { limit: u32 },
    /// A cell stands right of the last column that is read.
    TooManyColumns { limit: u32 },
    /// A cell holds more text than Excel itself allows.
    CellTooLong { row: u32 },
    /// No sheet has the expected headings; these were sought.
    NoHeadings { wanted: String },
    /// The headings are there and nothing below them.
    Empty,
    /// The reader used up its time.
    TimedOut,
    /// It begins like a spreadsheet and is damaged.
    Broken,
    /// The reading process could not be started or set its limits.
    Unavailable,
    /// The bytes are no jpeg, png or webp picture that can be decoded.
    NotAPhoto,
    /// More pixels than are accepted; the limit is in millions.
    TooManyPixels { millions: u64 },
    /// Not one of the kinds of file that are kept.
    FileKind,
    /// The name would leave its folder, is empty, or occurs twice.
    FileName { name: String },
    /// A workbook could not be written as asked.
    NotWritable { why: String },
}

impl Fault {
    /// Key of the sentence in `locale/`.
    pub const fn key(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "papers.too-large",
            Self::Bomb => "papers.bomb",
            Self::NotASheet => "papers.not-a-sheet",
            Self::OldExcel => "papers.old-excel",
            Self::Macros => "papers.macros",
            Self::Encrypted => "papers.encrypted",
            Self::Doctype => "papers.doctype",
            Self::TooManyRows { .. } => "papers.too-many-rows",
            Self::TooManyColumns { .. } => "papers.too-many-columns",
            Self::CellTooLong { .. } => "papers.cell-too-long",
            Self::NoHeadings { .. } => "papers.no-headings",
            Self::Empty => "papers.empty",
            Self::TimedOut => "papers.timed-out",
            Self::Broken => "papers.broken",
            Self::Unavailable => "papers.unavailable",
            Self::NotAPhoto => "papers.not-a-photo",
            Self::TooManyPixels { .. } => "papers.too-many-pixels",
            Self::FileKind => "papers.file-kind",
            Self::FileName { .. } => "papers.file-name",
            Self::NotWritable { .. } => "papers.not-writable",
        }
    }

    /// As the "no" a page shows, with the values its sentence needs.
    pub fn refusal(&self) -> Refusal {
        let no = Refusal::new(self.key());
        match self {
            Self::TooLarge { mib } => no.with("mib", mib),
            Self::TooManyRows { limit } | Self::TooManyColumns { limit } => no.with("limit", limit),
            Self::CellTooLong { row } => no.with("row", row),
            Self::NoHeadings { wanted } => no.with("wanted", wanted),
            Self::TooManyPixels { millions } => no.with("millions", millions),
            Self::FileName { name } => no.with("name", name),
            _ => no,
        }
    }
}

impl From<Fault> for Refusal {
    fn from(f: Fault) -> Self {
        f.refusal()
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {self:?}", self.key())
    }
}
impl std::error::Error for Fault {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_has_its_sentence_in_both_languages() {
        let source = include_str!("fault.rs").to_owned() + include_str!("table.rs");
        let keys: Vec<&str> =
            source.split('"').filter(|t| t.starts_with("papers.") && t.len() > 7).collect();
        assert!(keys.len() > 20);
        for (tag, text) in crate::LOCALES {
            for key in &keys {
                assert!(text.contains(&format!("\"{key}\" = \"")), "{key} is missing in {tag}");
            }
        }
    }

    #[test]
    fn a_refusal_carries_what_its_sentence_names() {
        let r = Fault::TooManyRows { limit: 5000 }.refusal();
        assert_eq!((r.key, r.args), ("papers.too-many-rows", vec![("limit", "5000".to_owned())]));
    }
}
