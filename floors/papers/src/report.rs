//! A paper of many parts: cover, index with page numbers, sections in order, pictures, boxes to sign, a check code. One model, several
//! printers: [`docx`] here, PDF in a crate of its own because it is heavy to build ([`Printer`] is how the app hands it to whoever prints).
pub mod docx;
mod picture;

use std::sync::OnceLock;

use serde::Serialize;
use sha2::{Digest, Sha256};

pub use picture::Picture;

/// A report.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    pub look: Look,
    pub title: String,
    /// Below the title: the number, the client.
    pub subtitle: String,
    /// What the cover says, as (label, text).
    pub cover: Vec<(String, String)>,
    pub sections: Vec<Section>,
    /// At the top of every page; nothing when empty.
    pub head: String,
    /// At the foot of every page.
    pub foot: String,
    /// The heading of the index; without one there is no index.
    pub index: String,
    /// What stands in a section without content.
    pub nothing: String,
    /// What the check code at the foot is called; without a word there is none.
    pub check: String,
}

/// How a report is laid out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", content = "value", rename_all = "snake_case")]
pub enum Look {
    /// A file to bind: a cover, an index, every section on a new page.
    #[default]
    File,
    /// Title, then the sections one after the other: a monthly report, minutes.
    Plain,
    /// An official document of a public body (GB/T 9704-2012).
    Official(Box<Official>),
}

/// What an official document has besides its title and text, in the order of GB/T 9704-2012 §7. Empty words are left out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Official {
    /// 份号, 密级和保密期限, 紧急程度: the lines at the top left.
    pub marks: Vec<String>,
    /// 发文机关标志, in red.
    pub mast: String,
    /// 发文字号.
    pub number: String,
    /// 签发人, of documents that go upward.
    pub signer: String,
    /// 主送机关.
    pub to: String,
    /// 附件说明.
    pub attached: Vec<String>,
    /// 发文机关署名.
    pub from: String,
    /// 成文日期 as written: 2026年11月24日.
    pub day: String,
    /// 附注.
    pub note: String,
    /// 抄送机关.
    pub copies: String,
    /// 印发机关.
    pub printed_by: String,
    /// 印发日期.
    pub printed_on: String,
}

/// A section has its line in the index.
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
    /// Pictures with captions: one alone stands large, several two by two.
    Pictures(Vec<Picture>),
    /// Boxes to sign in.
    Signatures(Vec<String>),
}

impl Report {
    /// Sixteen signs that stand for the content: two prints that bear the same code say the same, whoever printed them and when. What stands at
    /// the head and the foot of the pages is not part of it. Shown as `1A2B-3C4D-5E6F-7A8B`; nothing when the report has no word for it.
    pub fn check_code(&self) -> String {
        if self.check.is_empty() {
            return String::new();
        }
        let said = serde_json::to_vec(&(
            &self.look,
            &self.title,
            &self.subtitle,
            &self.cover,
            &self.sections,
        ));
        let hex: Vec<String> = Sha256::digest(said.unwrap_or_default())
            .iter()
            .take(8)
            .map(|b| format!("{b:02X}"))
            .collect();
        hex.chunks(2).map(|pair| pair.concat()).collect::<Vec<_>>().join("-")
    }
    /// Every picture, in order.
    pub fn pictures(&self) -> impl Iterator<Item = &Picture> {
        self.sections.iter().flat_map(|s| &s.blocks).flat_map(|b| match b {
            Block::Pictures(all) => all.as_slice(),
            _ => &[],
        })
    }
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
    /// More than one paper may hold.
    #[error("too long for one paper")]
    TooLong,
    #[error("{0}")]
    Broken(String),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_stands_for_the_content_alone() {
        let report = |foot: &str, text: &str, check: &str| Report {
            title: "个案档案".into(),
            foot: foot.into(),
            check: check.into(),
            sections: vec![Section {
                title: "接案".into(),
                blocks: vec![Block::Text(text.into())],
            }],
            ..Report::default()
        };
        let one = report("10:00", "甲", "校验码").check_code();
        assert_eq!(one.len(), 19);
        assert_eq!(one, report("11:00", "甲", "校验码").check_code());
        assert_ne!(one, report("10:00", "乙", "校验码").check_code());
        assert_eq!(report("10:00", "甲", "").check_code(), "");
    }
}
