//! The packs that come with the binary, read once, and what is asked of them.
use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use db::{Result, Tx};
use include_dir::{Dir, include_dir};
use policy::{Pack, Source};
use registry::region::{self, RegionKind};

use crate::store;

static SHIPPED: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../policy");

static PACKS: LazyLock<BTreeMap<String, Arc<Pack>>> = LazyLock::new(|| {
    SHIPPED
        .dirs()
        .filter_map(|dir| {
            let name = dir.path().file_name()?.to_str()?.to_owned();
            let pack = Pack::load(&sources(dir)).ok()?;
            Some((name, Arc::new(pack)))
        })
        .collect()
});

fn sources(dir: &Dir<'_>) -> Vec<Source> {
    let here = dir.files().filter_map(|f| Some((f.path().file_name()?.to_str()?.to_owned(), f)));
    let cases = dir.dirs().flat_map(|d| d.files()).filter_map(|f| {
        let name = f.path().file_name()?.to_str()?;
        Some((format!("cases/{name}"), f))
    });
    here.chain(cases)
        .filter(|(name, _)| name.ends_with(".md") || name.ends_with(".toml"))
        .filter_map(|(name, f)| Some(Source { name, text: f.contents_utf8()?.to_owned() }))
        .collect()
}

/// The names of the shipped packs that load without a fault.
pub fn names() -> Vec<&'static str> {
    PACKS.keys().map(String::as_str).collect()
}

/// A shipped pack by its folder's name.
pub fn named(name: &str) -> Option<Arc<Pack>> {
    PACKS.get(name).cloned()
}

/// The pack this district is judged by: the one chosen last, else the first shipped.
///
/// # Errors
/// When no shipped pack loads: the binary itself is broken.
pub fn current(tx: &mut Tx<'_>) -> Result<Arc<Pack>> {
    let chosen = store::pack(tx)?.and_then(|c| named(&c.pack));
    let pack = chosen
        .or_else(|| PACKS.values().next().cloned())
        .ok_or_else(|| db::Error::Broken("no policy pack loads".into()))?;
    let Some(district) = region::root(tx)? else { return Ok(pack) };
    let city =
        region::ancestor(tx, &district, RegionKind::City)?.map_or_else(String::new, |c| c.name);
    if pack.place == (city.clone(), district.name.clone()) {
        return Ok(pack);
    }
    let mut kept = ADOPTED.lock().unwrap_or_else(PoisonError::into_inner);
    let key = (pack.hash.clone(), city.clone(), district.name.clone());
    Ok(Arc::clone(
        kept.entry(key).or_insert_with(|| Arc::new(pack.adopted_by(&city, &district.name))),
    ))
}

/// Packs as districts of other places adopted them, by (pack hash, city, district).
static ADOPTED: Mutex<BTreeMap<(String, String, String), Arc<Pack>>> = Mutex::new(BTreeMap::new());

/// Does the pack offer this reading?
pub(crate) fn offers(pack: &Pack, name: &str, value: &str) -> bool {
    pack.notes
        .iter()
        .any(|n| n.option.as_deref() == Some(name) && n.choices.iter().any(|c| c.value == value))
}

/// The clauses whose quoted words do not stand in an official text (white space and line breaks do not count).
pub(crate) fn quotes_missing(pack: &Pack, text: &str) -> Vec<String> {
    let plain: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let quotes = pack.rules.iter().filter_map(|r| Some((r.item.as_str(), r.quote.as_ref()?)));
    let notes = pack.notes.iter().filter_map(|n| Some((n.item.as_str(), n.quote.as_ref()?)));
    quotes
        .chain(notes)
        .filter(|(_, q)| {
            let words: String = q.words.chars().filter(|c| !c.is_whitespace()).collect();
            !plain.contains(&words)
        })
        .map(|(item, _)| item.to_owned())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_pack_loads() {
        for dir in SHIPPED.dirs() {
            if let Err(faults) = Pack::load(&sources(dir)) {
                panic!("{}: {faults:?}", dir.path().display());
            }
        }
        assert!(names().contains(&"shangcheng-2022"));
    }

    #[test]
    fn a_text_without_the_quoted_words_is_not_the_text() {
        let pack = named("shangcheng-2022").unwrap();
        assert!(quotes_missing(&pack, "别的文件").len() > 30);
    }
}
