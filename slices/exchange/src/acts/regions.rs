//! Loading a list of regions: a tree is made, or the one that is there follows the list. Nothing is ever deleted.
mod follow;

use std::collections::{HashMap, HashSet};

use access::Cx;
use db::{Result, Tx};
use kernel::{Day, Refusal, Refusals};
use papers::{Expect, Table};
use registry::region::RegionKind;
use serde::Serialize;

/// The layout's columns.
pub const HEADINGS: [&str; 4] = ["code", "name", "level", "parent"];
/// Rows a list may have: a province has some thirty thousand.
pub const MOST_ROWS: u32 = 40_000;

/// One line of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Row number as the user sees it.
    pub row: u32,
    pub code: String,
    pub name: String,
    pub kind: RegionKind,
    /// The parent's code; empty at the top.
    pub parent: String,
}

/// What a load changes, in the order it happens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Change {
    /// `added`, `renamed`, `recoded`, `moved`, `reopened` or `closed`.
    pub what: &'static str,
    pub code: String,
    pub name: String,
    /// What it was before, or where it is put; empty when there is nothing to say.
    pub detail: String,
}

/// Loads a list as text in the layout `code,name,level,parent`, as of a day. For lists that ship with the program; uploads are read
/// in a guarded child and go to [`apply`].
///
/// # Errors
/// Refusals with the line in `row`; denied; the engine's fault.
pub fn load(tx: &mut Tx<'_>, cx: &Cx, csv_text: &str, as_of: Day) -> Result<Vec<Change>> {
    let tables = papers::read(csv_text.as_bytes(), &expect()).map_err(|f| f.refusal())?;
    apply(tx, cx, &lines(&tables)?, as_of)
}

/// What the reader looks for.
pub fn expect() -> Expect {
    Expect::new(&HEADINGS, MOST_ROWS)
}

/// The lines of a list.
///
/// # Errors
/// Every line that cannot be used, with its row.
pub fn lines(tables: &[Table]) -> std::result::Result<Vec<Line>, Refusals> {
    let mut no = Refusals::none();
    let mut out: Vec<Line> = Vec::new();
    let mut codes = HashSet::new();
    for (table, row) in tables.iter().flat_map(|t| t.rows.iter().map(move |r| (t, r))) {
        let cell = |name: &str| table.cell(row, name).text();
        let (code, parent, level) = (cell("code"), cell("parent"), cell("level"));
        let (name, kind) = named(&table.cell(row, "name").name(), RegionKind::parse(&level));
        let mut refuse =
            |key| no.push(Refusal::at(format!("row.{}", row.number), key).with("row", row.number));
        if code.is_empty() || !code.bytes().all(|b| b.is_ascii_digit()) || code.len() > 12 {
            refuse("exchange.region.code");
        } else if !codes.insert(code.clone()) {
            refuse("exchange.region.code_twice");
        }
        if name.is_empty() || name.chars().count() > 60 {
            refuse("exchange.region.name");
        }
        match kind {
            Some(kind) => out.push(Line { row: row.number, code, name, kind, parent }),
            None => refuse("exchange.region.level"),
        }
    }
    let known: HashMap<&str, RegionKind> = out.iter().map(|l| (l.code.as_str(), l.kind)).collect();
    for l in &out {
        if known.get(l.parent.as_str()).is_some_and(|k| rank(*k) >= rank(l.kind)) {
            no.push(
                Refusal::at(format!("row.{}", l.row), "exchange.region.order").with("row", l.row),
            );
        }
    }
    no.done()?;
    // Parents before children, whatever the order of the list.
    out.sort_by_key(|l| rank(l.kind));
    Ok(out)
}

/// The name without its committee, and the kind it tells: a list calls villages and communities alike, or by their committees.
fn named(name: &str, level: Option<RegionKind>) -> (String, Option<RegionKind>) {
    let neighbourhood = matches!(level, Some(RegionKind::Community | RegionKind::Village));
    if !neighbourhood {
        return (name.to_owned(), level);
    }
    let committee = |suffix: &str| name.strip_suffix(suffix).filter(|n| !n.is_empty());
    if let Some(bare) = committee("村民委员会").or_else(|| committee("村委会")) {
        return (format!("{bare}村"), Some(RegionKind::Village));
    }
    let bare = committee("居民委员会").or_else(|| committee("居委会")).unwrap_or(name);
    let kind = if bare.ends_with('村') { Some(RegionKind::Village) } else { level };
    let whole = bare.ends_with("社区") || bare.ends_with('村') || bare == name;
    (if whole { bare.to_owned() } else { format!("{bare}社区") }, kind)
}

/// How deep a kind stands in the tree.
const fn rank(kind: RegionKind) -> u8 {
    match kind {
        RegionKind::Province => 0,
        RegionKind::City => 1,
        RegionKind::District => 2,
        RegionKind::Street => 3,
        RegionKind::Community | RegionKind::Village => 4,
    }
}

/// Makes the tree follow the lines as of a day: renamed keeps the old name as an alias, a new code opens a new dated code, moved changes
/// the path of everything under it, vanished is closed. Only children of parents that the list names can vanish.
///
/// # Errors
/// Refusals with their rows; denied; the engine's fault.
pub fn apply(tx: &mut Tx<'_>, cx: &Cx, lines: &[Line], as_of: Day) -> Result<Vec<Change>> {
    cx.may("regions.write")?;
    follow::Follow::begin(tx, cx, as_of)?.all(tx, lines)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_committee_tells_what_it_is_of() {
        let community = Some(RegionKind::Community);
        for (typed, name, kind) in [
            ("沿山村委会", "沿山村", RegionKind::Village),
            ("三村村委会", "三村村", RegionKind::Village),
            ("宣家埠村民委员会", "宣家埠村", RegionKind::Village),
            ("兴隆社区居委会", "兴隆社区", RegionKind::Community),
            ("清波门社区", "清波门社区", RegionKind::Community),
            ("劳动路居委会", "劳动路社区", RegionKind::Community),
            ("皋城村", "皋城村", RegionKind::Village),
        ] {
            assert_eq!(named(typed, community), (name.to_owned(), Some(kind)), "{typed}");
        }
        assert_eq!(named("九堡街道", Some(RegionKind::Street)).0, "九堡街道");
    }
}
