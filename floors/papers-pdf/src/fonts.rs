//! Fonts of the machine with Chinese signs: in `$WUSHE_FONTS`, in `fonts` beside the program, and where systems keep them. Only their tables are
//! read at first; a font's file is kept in memory once a paper uses it.
use std::path::{Path, PathBuf};
use std::sync::{LazyLock, OnceLock};

use serde_json::{Value, json};
use typst::foundations::Bytes;
use typst::text::{Font, FontBook, FontInfo};
use typst::utils::LazyHash;

/// Families of the text (宋体), of headings (黑体), of official documents (仿宋), the best first.
const SONG: [&str; 5] =
    ["Noto Serif CJK SC", "Noto Serif SC", "Source Han Serif SC", "SimSun", "Songti SC"];
const HEI: [&str; 7] = [
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "SimHei",
    "Microsoft YaHei",
    "PingFang SC",
    "WenQuanYi Zen Hei",
];
const FANG: [&str; 4] = ["FangSong_GB2312", "FangSong", "STFangsong", "FandolFang"];

/// How files of such families begin, in small letters without dashes.
const FILES: [&str; 14] = [
    "notoserifcjk",
    "notoserifsc",
    "sourcehanserif",
    "simsun",
    "songti",
    "notosanscjk",
    "notosanssc",
    "sourcehansans",
    "simhei",
    "msyh",
    "pingfang",
    "wqy",
    "simfang",
    "fandolfang",
];

/// Deeper than this no system keeps a font.
const DEPTH: usize = 4;

/// A font that was found, and its data once it is used.
struct Slot {
    file: usize,
    index: u32,
    family: String,
    font: OnceLock<Option<Font>>,
}
struct Shelf {
    book: LazyHash<FontBook>,
    slots: Vec<Slot>,
    files: Vec<(PathBuf, OnceLock<Bytes>)>,
}

static SHELF: LazyLock<Shelf> = LazyLock::new(|| {
    let mut paths = Vec::new();
    for place in places() {
        gather(&place, DEPTH, &mut paths);
    }
    paths.sort();
    paths.dedup();
    let (mut book, mut slots, mut files) = (FontBook::new(), Vec::new(), Vec::new());
    for path in paths {
        let Ok(bytes) = std::fs::read(&path) else { continue };
        let (file, before) = (files.len(), slots.len());
        for (index, info) in FontInfo::iter(&bytes).enumerate() {
            let family = info.family.clone();
            if ![SONG.as_slice(), &HEI, &FANG].concat().contains(&family.as_str()) {
                continue;
            }
            let index = u32::try_from(index).unwrap_or_default();
            slots.push(Slot { file, index, family, font: OnceLock::new() });
            book.push(info);
        }
        if slots.len() > before {
            files.push((path, OnceLock::new()));
        }
    }
    Shelf { book: LazyHash::new(book), slots, files }
});

fn places() -> Vec<PathBuf> {
    let mut out = Vec::new();
    if let Some(set) = std::env::var_os("WUSHE_FONTS") {
        out.push(PathBuf::from(set));
    }
    let beside = std::env::current_exe().ok().and_then(|e| e.parent().map(|p| p.join("fonts")));
    out.extend(beside);
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
    let slot = SHELF.slots.get(index)?;
    slot.font
        .get_or_init(|| {
            let (path, data) = SHELF.files.get(slot.file)?;
            let data = match data.get() {
                Some(data) => data.clone(),
                None => {
                    let read = Bytes::new(std::fs::read(path).ok()?);
                    data.get_or_init(|| read).clone()
                }
            };
            Font::new(data, slot.index)
        })
        .clone()
}

/// The families found by their use, the best first, each use falling back to the text's; nothing when the machine has none at all.
pub(crate) fn families() -> Option<Value> {
    let found = |wanted: &[&str]| -> Vec<String> {
        wanted
            .iter()
            .filter(|w| SHELF.slots.iter().any(|s| s.family == **w))
            .map(|w| (*w).to_owned())
            .collect()
    };
    let (song, hei, fang) = (found(&SONG), found(&HEI), found(&FANG));
    if song.is_empty() && hei.is_empty() {
        return None;
    }
    let all = [fang.as_slice(), &song, &hei].concat();
    let with = |first: &[String], then: &[String]| [first, then].concat();
    Some(json!({ "song": with(&song, &hei), "hei": with(&hei, &song), "fang": all }))
}
