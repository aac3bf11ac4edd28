//! From files to a checked pack.
use std::path::Path;

use kernel::Day;
use sha2::{Digest, Sha256};

use super::blocks::{Place, read};
use super::check;
use super::fault::Faults;
use super::lex::{Piece, front, pieces};
use super::model::{Clause, Layer, Pack, Text};
use super::node::{Node, parse};
use super::reader::Reader;

/// One file of a pack: its name inside the pack's folder, and its text.
#[derive(Clone, Debug)]
pub struct Source {
    pub name: String,
    pub text: String,
}

impl Pack {
    /// Reads and checks a pack. Files may come in any order; `chapters` in the front matter, or else their names, order them.
    ///
    /// # Errors
    /// Every fault found, each with file, line and field.
    pub fn load(files: &[Source]) -> Result<Self, Faults> {
        let (pack, mut faults) = assemble(files);
        check::format(&pack, &mut faults);
        check::cases(&pack, &mut faults);
        if faults.0.is_empty() { Ok(pack) } else { Err(faults) }
    }

    /// The same, for a pack whose cases are still to be written: rules need no passing and failing case yet.
    ///
    /// # Errors
    /// Every other fault.
    pub fn load_draft(files: &[Source]) -> Result<Self, Faults> {
        let (pack, mut faults) = assemble(files);
        check::format(&pack, &mut faults);
        if faults.0.is_empty() { Ok(pack) } else { Err(faults) }
    }
}

impl Source {
    /// The files of a pack's folder: `pack.toml`, `*.md`, `cases/*.toml`.
    ///
    /// # Errors
    /// When the folder or a file cannot be read.
    pub fn read_dir(dir: &Path) -> std::io::Result<Vec<Self>> {
        let mut out = Vec::new();
        for (folder, prefix) in [(dir.to_path_buf(), ""), (dir.join("cases"), "cases/")] {
            if !folder.is_dir() {
                continue;
            }
            for entry in std::fs::read_dir(folder)? {
                let path = entry?.path();
                let Some(name) = path.file_name().and_then(|n| n.to_str()) else { continue };
                let wanted = if prefix.is_empty() {
                    name == "pack.toml" || path.extension().is_some_and(|e| e == "md")
                } else {
                    path.extension().is_some_and(|e| e == "toml")
                };
                if wanted && name != "README.md" {
                    out.push(Self {
                        name: format!("{prefix}{name}"),
                        text: std::fs::read_to_string(&path)?,
                    });
                }
            }
        }
        out.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(out)
    }
}

fn assemble(files: &[Source]) -> (Pack, Faults) {
    let mut faults = Faults::default();
    let mut pack = Pack {
        id: String::new(),
        version: String::new(),
        title: Text::default(),
        layer: Layer::District,
        status: String::new(),
        doc_no: String::new(),
        issuer: String::new(),
        in_force: (None, None),
        place: (String::new(), String::new()),
        basis: Vec::new(),
        clauses: Vec::new(),
        rules: Vec::new(),
        notes: Vec::new(),
        defines: Vec::new(),
        tests: Vec::new(),
        hash: hash(files),
    };
    let mut chapters = Vec::new();
    let mut fronted = false;
    let mut bodies: Vec<(&str, usize, &str)> = Vec::new();
    for f in files {
        if f.name == "pack.toml" {
            let node = parse(&f.text, &f.name, 1, &mut faults);
            chapters = matter(&node, &f.name, &mut pack, &mut faults);
            fronted = true;
        } else if f.name.ends_with(".md") {
            let (matter_text, first, body) = front(&f.text);
            if let Some((line, text)) = matter_text {
                let node = parse(text, &f.name, line, &mut faults);
                chapters = matter(&node, &f.name, &mut pack, &mut faults);
                fronted = true;
            }
            bodies.push((&f.name, first, body));
        }
    }
    if !fronted {
        faults.add(files.first().map_or("pack.toml", |f| f.name.as_str()), 1, "", "no_front", &[]);
    }
    for c in &chapters {
        if !bodies.iter().any(|(n, _, _)| n == c) {
            faults.add("pack.toml", 1, "chapters", "no_chapter", &[("got", c)]);
        }
    }
    let place = |n: &str| chapters.iter().position(|c| c == n).unwrap_or(usize::MAX);
    bodies.sort_by(|a, b| (place(a.0), a.0).cmp(&(place(b.0), b.0)));
    for (name, first, body) in bodies {
        chapter(name, first, body, &mut pack, &mut faults);
    }
    for f in files.iter().filter(|f| f.name.ends_with(".toml") && f.name != "pack.toml") {
        let node = parse(&f.text, &f.name, 1, &mut faults);
        read(&node, Place { file: &f.name, clause: 0, clause_id: "" }, &mut pack, &mut faults);
    }
    (pack, faults)
}

fn matter(node: &Node, file: &str, pack: &mut Pack, faults: &mut Faults) -> Vec<String> {
    let mut r = Reader::new(node, file, "pack".to_owned(), faults);
    pack.id = r.must("pack");
    pack.version = r.must("version");
    pack.title = r.both("title").unwrap_or_default();
    pack.layer = r.word("layer", Layer::District);
    pack.doc_no = r.text("doc_no").unwrap_or_default();
    pack.issuer = r.text("issuer").unwrap_or_default();
    pack.status = r.must("status");
    if !["draft", "in_force", "superseded", "repealed"].contains(&pack.status.as_str()) {
        let got = pack.status.clone();
        r.fault(node.line, "status", "word", &[("got", &got)]);
    }
    if let Some(span) = r.take("in_force") {
        let mut s = Reader::new(span, file, "pack.in_force".to_owned(), r.faults);
        let days: (Option<Day>, Option<Day>) = (s.day("from"), s.day("to"));
        s.close();
        pack.in_force = days;
    }
    if let Some(place) = r.take("place") {
        let mut s = Reader::new(place, file, "pack.place".to_owned(), r.faults);
        pack.place = (s.must("city"), s.must("district"));
        s.close();
    }
    pack.basis = r.texts("basis");
    for known in ["lang", "tz", "currency", "engine"] {
        r.take(known);
    }
    let chapters = r.texts("chapters");
    r.close();
    chapters
}

fn chapter(file: &str, first: usize, body: &str, pack: &mut Pack, faults: &mut Faults) {
    let mut here: Option<usize> = None;
    for piece in pieces(body, first) {
        match piece {
            Piece::Heading { line, level, text, id } => {
                let Some(id) = id else {
                    if level > 1 {
                        faults.add(file, line, &text, "no_clause_id", &[]);
                    }
                    continue;
                };
                if pack.clauses.iter().any(|c| c.id == id) {
                    faults.add(file, line, &id, "twice", &[]);
                }
                here = Some(pack.clauses.len());
                let says = Text::default();
                pack.clauses.push(Clause {
                    id,
                    heading: text,
                    level,
                    says,
                    file: file.to_owned(),
                    line,
                });
            }
            Piece::Paragraph { english, text } => {
                if let Some(c) = here.and_then(|i| pack.clauses.get_mut(i)) {
                    let into = if english { &mut c.says.en } else { &mut c.says.zh };
                    if !into.is_empty() {
                        into.push_str("\n\n");
                    }
                    into.push_str(&text);
                }
            }
            Piece::Toml { line, text } => {
                let node = parse(&text, file, line, faults);
                let Some(clause) = here else {
                    faults.add(file, line, "", "no_clause", &[]);
                    continue;
                };
                let clause_id = pack.clauses.get(clause).map(|c| c.id.clone()).unwrap_or_default();
                read(&node, Place { file, clause, clause_id: &clause_id }, pack, faults);
            }
            Piece::Open { line } => faults.add(file, line, "", "open_fence", &[]),
        }
    }
}

fn hash(files: &[Source]) -> String {
    let mut sorted: Vec<&Source> = files.iter().collect();
    sorted.sort_by(|a, b| a.name.cmp(&b.name));
    let mut h = Sha256::new();
    for f in sorted {
        h.update(f.name.as_bytes());
        h.update([0]);
        h.update(f.text.as_bytes());
        h.update([0]);
    }
    h.finalize().iter().map(|b| format!("{b:02x}")).collect()
}
