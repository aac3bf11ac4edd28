//! Fonts of the machine with Chinese signs: in `fonts` beside the program, in `$WUSHE_FONTS`, and where systems keep them.
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use typst::foundations::Bytes;
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;

/// Families as they are asked for, the best first.
const WANTED: [&str; 10] = [
    "Noto Serif CJK SC",
    "Noto Serif SC",
    "Source Han Serif SC",
    "SimSun",
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Microsoft YaHei",
    "PingFang SC",
    "WenQuanYi Zen Hei",
];

/// How files of such families begin, in small letters.
const FILES: [&str; 10] = [
    "notoserifcjk",
    "notoserifsc",
    "sourcehanserif",
    "simsun",
    "notosanscjk",
    "notosanssc",
    "sourcehansans",
    "msyh",
    "pingfang",
    "wqy",
];

/// Deeper than this no system keeps a font.
const DEPTH: usize = 4;

struct Shelf {
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
}

static SHELF: LazyLock<Shelf> = LazyLock::new(|| {
    let mut files = Vec::new();
    for place in places() {
        gather(&place, DEPTH, &mut files);
    }
    files.sort();
    files.dedup();
    let mut fonts = Vec::new();
    for file in files {
        if let Ok(bytes) = std::fs::read(&file) {
            fonts.extend(Font::iter(Bytes::new(bytes)).filter(|f| {
                let family = f.info().family.as_str();
                WANTED.contains(&family)
            }));
        }
    }
    Shelf { book: LazyHash::new(FontBook::from_fonts(&fonts)), fonts }
});

fn places() -> Vec<PathBuf> {
    let mut out = Vec::new();
    if let Some(set) = std::env::var_os("WUSHE_FONTS") {
        out.push(PathBuf::from(set));
    }
    if let Some(beside) =
        std::env::current_exe().ok().and_then(|e| e.parent().map(|p| p.join("fonts")))
    {
        out.push(beside);
    }
    out.extend(
        [
            "/usr/share/fonts",
            "/usr/local/share/fonts",
            "C:\\Windows\\Fonts",
            "/System/Library/Fonts",
            "/Library/Fonts",
        ]
        .map(PathBuf::from),
    );
    out
}

fn gather(at: &Path, depth: usize, out: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(at) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            if depth > 0 {
                gather(&path, depth - 1, out);
            }
            continue;
        }
        let name = entry.file_name().to_string_lossy().to_lowercase().replace(['-', '_', ' '], "");
        let plain = name.contains("regular") || name.contains("bold") || !name.contains("noto");
        if plain && FILES.iter().any(|f| name.starts_with(f)) && !name.contains("semi") {
            out.push(path);
        }
    }
}

/// Metadata of the fonts found.
pub(crate) fn book() -> &'static LazyHash<FontBook> {
    &SHELF.book
}
/// A font by its number in the book.
pub(crate) fn font(index: usize) -> Option<Font> {
    SHELF.fonts.get(index).cloned()
}
/// The families found, the best first; nothing when the machine has none.
pub(crate) fn families() -> Vec<String> {
    WANTED
        .iter()
        .filter(|w| SHELF.fonts.iter().any(|f| f.info().family == **w))
        .map(|w| (*w).to_owned())
        .collect()
}
