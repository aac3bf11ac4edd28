//! Reports as PDF, set by Typst. A crate of its own because Typst is heavy to build: the app takes it in under the feature `pdf`, the daily
//! loop of tests does not.
//!
//! The layout is `report.typ`; the report comes to it as JSON, so nothing a person typed is ever read as markup. Fonts are the machine's:
//! [`fonts`] looks for some with Chinese signs and says so when there are none; what is used of them is embedded. The same report makes the
//! same bytes. One paper is set at a time and its size is bounded, so a paper costs seconds and no more memory than one paper needs.
mod fonts;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use papers::report::{PrintFault, Report};
use typst::diag::{FileError, FileResult, SourceDiagnostic};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World, comemo};
use typst_layout::PagedDocument;
use typst_pdf::PdfOptions;

/// Bytes of text one paper may hold: about a thousand pages.
const MAX_TEXT: usize = 3 << 20;
/// Bytes of pictures one paper may hold.
const MAX_PICTURES: usize = 256 << 20;

/// Who is printing.
static TURN: Mutex<()> = Mutex::new(());

/// What Typst sees: the layout, the report, the pictures, the fonts.
struct Desk {
    library: LazyHash<Library>,
    main: Source,
    files: HashMap<FileId, Bytes>,
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
        self.files.get(&id).cloned().ok_or(FileError::AccessDenied)
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

fn broken(all: &[SourceDiagnostic]) -> PrintFault {
    PrintFault::Broken(all.iter().map(|d| d.message.to_string()).collect::<Vec<_>>().join("; "))
}

/// The report as a PDF file.
///
/// # Errors
/// [`PrintFault::NoFont`] when the machine has no font with Chinese signs, [`PrintFault::TooLong`]; what Typst says of its layout.
pub fn print(report: &Report) -> Result<Vec<u8>, PrintFault> {
    print_counted(report).map(|(bytes, _)| bytes)
}

/// [`print`], and how many pages it has.
///
/// # Errors
/// As [`print`].
pub fn print_counted(report: &Report) -> Result<(Vec<u8>, usize), PrintFault> {
    let fonts = fonts::families().ok_or(PrintFault::NoFont)?;
    let mut value = serde_json::to_value(report).map_err(|e| PrintFault::Broken(e.to_string()))?;
    if let Some(map) = value.as_object_mut() {
        map.insert("fonts".into(), fonts);
        map.insert("code".into(), report.check_code().into());
    }
    let text = value.to_string();
    let pictures: usize = report.pictures().map(|p| p.bytes.len()).sum();
    if text.len() > MAX_TEXT || pictures > MAX_PICTURES {
        return Err(PrintFault::TooLong);
    }
    let mut files = HashMap::from([(file("report.json")?, Bytes::from_string(text))]);
    for p in report.pictures() {
        files.insert(file(&format!("pictures/{}", p.name))?, Bytes::new(p.bytes.clone()));
    }
    let desk = Desk {
        library: LazyHash::new(Library::default()),
        main: Source::new(file("report.typ")?, include_str!("report.typ").to_owned()),
        files,
    };
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let done = set(&desk);
    // What was remembered of this paper helps no other.
    comemo::evict(0);
    done
}

fn set(desk: &Desk) -> Result<(Vec<u8>, usize), PrintFault> {
    let document: PagedDocument = typst::compile(desk).output.map_err(|all| broken(&all))?;
    let bytes = typst_pdf::pdf(&document, &PdfOptions::default()).map_err(|all| broken(&all))?;
    Ok((bytes, document.pages().len()))
}
