//! Texts in one arena, kinds in one small vocabulary.
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

/// Append-only texts; 0 is the empty text.
#[derive(Clone, Debug, Default)]
pub(crate) struct Texts {
    all: String,
    ends: Vec<u32>,
}
impl Texts {
    pub(crate) fn new() -> Self {
        Self { all: String::new(), ends: vec![0] }
    }
    pub(crate) fn add(&mut self, text: &str) -> u32 {
        if text.is_empty() {
            return 0;
        }
        self.all.push_str(text);
        self.ends.push(u32::try_from(self.all.len()).unwrap_or(u32::MAX));
        u32::try_from(self.ends.len() - 1).unwrap_or(0)
    }
    /// Copies a text of another arena.
    pub(super) fn take(&mut self, from: &Self, ix: u32) -> u32 {
        self.add(from.get(ix))
    }
    pub(crate) fn get(&self, ix: u32) -> &str {
        let i = ix as usize;
        let end = self.ends.get(i).copied().unwrap_or(0);
        let start = i.checked_sub(1).and_then(|p| self.ends.get(p)).copied().unwrap_or(0);
        self.all.get(start as usize..end as usize).unwrap_or("")
    }
}

/// Kinds by number; 0 is the empty kind. There are never more than 65,535.
#[derive(Clone, Debug, Default)]
pub(crate) struct Vocab {
    words: Vec<String>,
    by_word: HashMap<String, u16>,
}
impl Vocab {
    pub(crate) fn new() -> Self {
        let mut v = Self::default();
        v.add("");
        v
    }
    pub(crate) fn add(&mut self, word: &str) -> u16 {
        if let Some(ix) = self.by_word.get(word) {
            return *ix;
        }
        let ix = u16::try_from(self.words.len()).unwrap_or(0);
        self.words.push(word.to_owned());
        self.by_word.insert(word.to_owned(), ix);
        ix
    }
    pub(crate) fn get(&self, ix: u16) -> &str {
        self.words.get(ix as usize).map_or("", String::as_str)
    }
    pub(crate) fn find(&self, word: &str) -> Option<u16> {
        self.by_word.get(word).copied()
    }
    pub(crate) fn len(&self) -> usize {
        self.words.len()
    }
}

fn hash(text: &str) -> u64 {
    let mut h = DefaultHasher::new();
    text.hash(&mut h);
    h.finish()
}

/// Finds a text's owner. Ids are kept once, in the arena; the map holds hashes and steps past the rare collision.
pub(super) fn find(map: &HashMap<u64, u32>, texts: &Texts, ids: &[u32], id: &str) -> Option<u32> {
    let mut h = hash(id);
    loop {
        let ix = *map.get(&h)?;
        if ids.get(ix as usize).is_some_and(|t| texts.get(*t) == id) {
            return Some(ix);
        }
        h = h.wrapping_add(1);
    }
}

/// Remembers an owner's id.
pub(super) fn remember(map: &mut HashMap<u64, u32>, id: &str, ix: u32) {
    let mut h = hash(id);
    while map.contains_key(&h) {
        h = h.wrapping_add(1);
    }
    map.insert(h, ix);
}
