//! Files that look alike: whatever two of them share, strongest first, is why they stand on the worklist.
use std::collections::{BTreeMap, BTreeSet, HashMap};

use access::Cx;
use access::care::Lens;
use db::{Result, Tx};
use registry::client::Client;

use super::take_in::Likeness;
use crate::index;
use crate::store;

/// Two files that look like one person's, both in sight.
#[derive(Clone, Debug)]
pub struct Pair {
    /// Everything they share, strongest first.
    pub why: Vec<Likeness>,
    pub one: Client,
    pub other: Client,
}

/// So many files are compared at a time.
const CANDIDATES: i64 = 4000;

/// What two files share. Two different ID numbers are two people, whatever else agrees; so are two days of birth under one roof.
pub fn shared(one: &Client, other: &Client) -> Vec<Likeness> {
    let same = |a: Option<&String>, b: Option<&String>| a.is_some() && a == b;
    if one.id_index.is_some() && other.id_index.is_some() && one.id_index != other.id_index {
        return Vec::new();
    }
    let born = one.birth.is_some() && one.birth == other.birth;
    let apart = one.birth.is_some() && other.birth.is_some() && !born;
    let name = one.name == other.name;
    let home = one.household.is_some() && one.household == other.household;
    let mut why = Vec::new();
    if same(one.id_index.as_ref(), other.id_index.as_ref()) {
        why.push(Likeness::Number);
    }
    if born && name {
        why.push(Likeness::NameAndBirth);
    } else if born && index::sound_alike(&one.name, &other.name) {
        why.push(Likeness::SoundAndBirth);
    }
    if home && name && !apart {
        why.push(Likeness::NameAndHome);
    }
    if same(one.phone_index.as_ref(), other.phone_index.as_ref()) {
        why.push(Likeness::Phone);
    }
    why
}

/// Pairs in the actor's region that look alike, strongest first, at most so many: the worklist of whoever may merge.
///
/// # Errors
/// The engine's fault.
pub fn pairs(tx: &mut Tx<'_>, cx: &Cx, most: usize) -> Result<Vec<Pair>> {
    cx.may("clients.merge")?;
    let lens = Lens::of(tx, cx)?;
    let all = store::alike(tx, &cx.actor.scope().path, CANDIDATES)?;
    // Only files that share a key are held against one another.
    let mut groups: HashMap<(u8, String), Vec<usize>> = HashMap::new();
    for (at, c) in all.iter().enumerate() {
        let keys = [
            (0, c.id_index.clone()),
            (1, c.phone_index.clone()),
            (2, c.birth.map(|b| b.to_string())),
            (3, c.household.as_ref().map(|h| h.0.clone())),
        ];
        for (kind, key) in keys {
            if let Some(key) = key {
                groups.entry((kind, key)).or_default().push(at);
            }
        }
    }
    let mut known = BTreeSet::new();
    for members in groups.values() {
        for (n, a) in members.iter().enumerate() {
            known.extend(members.iter().skip(n + 1).map(|b| (*a.min(b), *a.max(b))));
        }
    }
    let mut found: BTreeMap<(usize, usize, usize), Vec<Likeness>> = BTreeMap::new();
    for (a, b) in known {
        if let (Some(one), Some(other)) = (all.get(a), all.get(b)) {
            let why = shared(one, other);
            if let Some(first) = why.first() {
                found.insert((first.rank() * 10 - why.len(), a, b), why);
            }
        }
    }
    let mut out = Vec::new();
    for ((_, a, b), why) in found {
        if out.len() >= most {
            break;
        }
        let (Some(one), Some(other)) = (all.get(a), all.get(b)) else { continue };
        let mut named = |c: &Client| Ok::<_, db::Error>(lens.sight(tx, c)?.is_some_and(|s| s.name));
        if named(one)? && named(other)? {
            out.push(Pair { why, one: one.clone(), other: other.clone() });
        }
    }
    Ok(out)
}
