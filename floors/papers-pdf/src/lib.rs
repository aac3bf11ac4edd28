//! Reports as PDF, set by Typst. A crate of its own because Typst is heavy to build: the app takes it in under the feature `pdf`, the daily
//! loop of tests does not.
//!
//! The layout is `report.typ`; the report comes to it as JSON, so nothing a person typed is ever read as markup. Fonts are the machine's:
//! [`fonts`] looks for one with Chinese signs and says so when there is none.
mod fonts;

use papers::report::{PrintFault, Report};
use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};
use typst_layout::PagedDocument;
use typst_pdf::PdfOptions;

/// What Typst sees: the layout, the report, the fonts.
struct Desk {
    library: LazyHash<Library>,
    main: Source,
    report: (FileId, Bytes),
}

impl World for Desk {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }
    fn book(&self) -> &LazyHash<FontBook> {
        fonts::book()
    }
    fn main(&self) -> FileId {
        self.main.id()
    }
    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.main.id() { Ok(self.main.clone()) } else { Err(FileError::AccessDenied) }
    }
    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if id == self.report.0 { Ok(self.report.1.clone()) } else { Err(FileError::AccessDenied) }
    }
    fn font(&self, index: usize) -> Option<Font> {
        fonts::font(index)
    }
    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}

fn file(name: &str) -> Result<FileId, PrintFault> {
    let path = VirtualPath::new(name).map_err(|_| PrintFault::Broken(name.to_owned()))?;
    Ok(RootedPath::new(VirtualRoot::Project, path).intern())
}

/// The report as a PDF file.
///
/// # Errors
/// [`PrintFault::NoFont`] when the machine has no font with Chinese signs; what Typst says of its layout.
pub fn print(report: &Report) -> Result<Vec<u8>, PrintFault> {
    let families = fonts::families();
    if families.is_empty() {
        return Err(PrintFault::NoFont);
    }
    let broken = |e: String| PrintFault::Broken(e);
    let mut value = serde_json::to_value(report).map_err(|e| broken(e.to_string()))?;
    if let Some(map) = value.as_object_mut() {
        map.insert("fonts".into(), families.into());
    }
    let desk = Desk {
        library: LazyHash::new(Library::default()),
        main: Source::new(file("report.typ")?, include_str!("report.typ").to_owned()),
        report: (file("report.json")?, Bytes::from_string(value.to_string())),
    };
    let document: PagedDocument = typst::compile(&desk).output.map_err(|all| {
        broken(all.iter().map(|d| d.message.to_string()).collect::<Vec<_>>().join("; "))
    })?;
    typst_pdf::pdf(&document, &PdfOptions::default()).map_err(|all| {
        broken(all.iter().map(|d| d.message.to_string()).collect::<Vec<_>>().join("; "))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use papers::report::{Block, Section};

    #[test]
    fn a_report_becomes_pages_with_an_index() {
        let section = |title: &str| Section {
            title: title.into(),
            blocks: vec![
                Block::Heading("过程记录 *不是强调*".into(), "2026-11-23".into()),
                Block::Pairs(vec![("事实".into(), "血压 138/82。\n#let x = 1".into())]),
                Block::Table {
                    heads: vec!["目标".into()], rows: vec![vec!["居家安全".into()]]
                },
                Block::Signatures(vec!["社工签名".into()]),
            ],
        };
        let report = Report {
            title: "个案档案".into(),
            subtitle: "2026-001".into(),
            cover: vec![("编号".into(), "2026-001".into())],
            sections: vec![section("接案"), section("预估")],
            foot: "2026-001".into(),
            index: "目录".into(),
            nothing: "无".into(),
        };
        match print(&report) {
            Ok(bytes) => assert!(bytes.starts_with(b"%PDF-") && bytes.len() > 5_000),
            Err(fault) => assert_eq!(fault, PrintFault::NoFont),
        }
    }
}
