//! Names in memory: every client of the district findable by characters, pinyin initials or full pinyin within a few milliseconds.
//!
//! Columns, no objects: the bytes of all names in one arena (a search for characters runs over it), and two lists of packed keys in order
//! (a search for letters is a range of them). About 70 bytes a client. What changed since it was built lies in a small overlay.
mod pinyin;

use std::collections::{HashMap, HashSet};
use std::ops::RangeInclusive;
use std::sync::LazyLock;

use memchr::memmem;

use pinyin::{Readings, Spelling};

/// The readings of characters, for two names by themselves.
static READINGS: LazyLock<Readings> = LazyLock::new(Readings::default);

/// Can two names be read the same?
pub fn sound_alike(one: &str, other: &str) -> bool {
    let (one, other) = (READINGS.of_name(one).spelled, READINGS.of_name(other).spelled);
    one.iter().any(|k| other.contains(k))
}

/// A client as the index knows one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    pub number: u32,
    pub name: String,
    /// The path of the region where the client lives.
    pub path: String,
    pub restricted: bool,
}

/// Who may come up at all. `access::care` decides afterwards, of each that did.
#[derive(Clone, Debug, Default)]
pub struct Reach {
    /// Only below this region path.
    pub path: String,
    /// Everybody there who is not restricted.
    pub place: bool,
    /// And these numbers, restricted or not.
    pub own: HashSet<u32>,
    /// The program itself: everybody.
    pub all: bool,
}

/// The names of a district.
#[derive(Default)]
pub struct Index {
    numbers: Vec<u32>,
    paths: Vec<String>,
    /// Which of `paths`.
    at: Vec<u32>,
    restricted: Vec<bool>,
    /// `\n周桂英\n李…\n`
    arena: Vec<u8>,
    /// Where each name begins in the arena.
    starts: Vec<u32>,
    initials: Keys,
    spelled: Keys,
    readings: Readings,
    /// Estates, buildings and entrances, each once.
    buildings: Vec<String>,
    /// Changed since: by number; `None` for a client who is no longer to be found.
    fresh: HashMap<u32, Option<Named>>,
}

/// Packed keys in order, and whose they are.
#[derive(Default)]
struct Keys {
    keys: Vec<u64>,
    whose: Vec<u32>,
}

impl Keys {
    fn sorted(mut pairs: Vec<(u64, u32)>) -> Self {
        pairs.sort_unstable();
        pairs.dedup();
        let (keys, whose) = pairs.into_iter().unzip();
        Self { keys, whose }
    }
    fn within(&self, range: &RangeInclusive<u64>) -> &[u32] {
        let from = self.keys.partition_point(|k| k < range.start());
        let to = self.keys.partition_point(|k| k <= range.end());
        self.whose.get(from..to).unwrap_or_default()
    }
}

/// Builds an [`Index`] client by client.
#[derive(Default)]
pub struct Builder {
    index: Index,
    known: HashMap<String, u32>,
    initials: Vec<(u64, u32)>,
    spelled: Vec<(u64, u32)>,
}

impl Builder {
    /// Adds one more.
    pub fn add(&mut self, number: u32, name: &str, path: &str, restricted: bool) {
        let me = &mut self.index;
        let row = u32::try_from(me.numbers.len()).unwrap_or(u32::MAX);
        if me.arena.is_empty() {
            me.arena.push(b'\n');
        }
        let at = match self.known.get(path) {
            Some(at) => *at,
            None => {
                let at = u32::try_from(me.paths.len()).unwrap_or(u32::MAX);
                me.paths.push(path.to_owned());
                self.known.insert(path.to_owned(), at);
                at
            }
        };
        me.numbers.push(number);
        me.at.push(at);
        me.restricted.push(restricted);
        me.starts.push(u32::try_from(me.arena.len()).unwrap_or(u32::MAX));
        me.arena.extend(name.bytes().filter(|b| *b != b'\n'));
        me.arena.push(b'\n');
        let spelling = me.readings.of_name(name);
        self.initials.extend(spelling.initials.iter().map(|k| (*k, row)));
        self.spelled.extend(spelling.spelled.iter().map(|k| (*k, row)));
    }
    /// Puts the keys in order.
    pub fn done(mut self) -> Index {
        self.index.initials = Keys::sorted(self.initials);
        self.index.spelled = Keys::sorted(self.spelled);
        self.index.arena.shrink_to_fit();
        self.index
    }
}

/// A hit, the better the lower its rank: the whole name, its beginning, a part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Hit {
    rank: u8,
    /// Bytes of the name: the shorter the nearer.
    len: u32,
    number: u32,
}

impl Index {
    /// How many clients it holds, without the overlay.
    pub fn len(&self) -> usize {
        self.numbers.len()
    }
    /// Does it hold nobody?
    pub fn is_empty(&self) -> bool {
        self.numbers.is_empty()
    }
    /// How many changes the overlay holds.
    pub fn changes(&self) -> usize {
        self.fresh.len()
    }
    /// Bytes in use, roughly.
    pub fn bytes(&self) -> usize {
        let keys = |k: &Keys| k.keys.len() * 12;
        self.arena.len() + self.numbers.len() * 13 + keys(&self.initials) + keys(&self.spelled)
    }
    /// Takes up the buildings of the district, each once.
    pub fn set_buildings(&mut self, all: Vec<String>) {
        self.buildings = all;
    }
    /// Buildings whose name holds the words, at most `limit`.
    pub fn buildings(&self, words: &str, limit: usize) -> Vec<String> {
        self.buildings.iter().filter(|b| b.contains(words)).take(limit).cloned().collect()
    }
    /// Notes a change: a client as they are now, or that they are no longer to be found.
    pub fn change(&mut self, number: u32, now: Option<Named>) {
        self.fresh.insert(number, now);
    }

    /// The numbers of those whose name fits the words, best first, at most `limit`.
    pub fn find(&self, words: &str, reach: &Reach, limit: usize) -> Vec<u32> {
        let words: String = words.split_whitespace().collect::<Vec<_>>().join(" ");
        if words.is_empty() {
            return Vec::new();
        }
        let open: Vec<bool> =
            self.paths.iter().map(|p| reach.all || p.starts_with(&reach.path)).collect();
        let letters = words.chars().all(|c| c.is_ascii_alphabetic() || c == ' ' || c == '\'');
        let mut hits = Vec::new();
        if letters {
            self.by_letters(&words.to_lowercase(), reach, &open, &mut hits);
        }
        self.by_characters(&words, reach, &open, limit, &mut hits);
        self.among_fresh(&words, letters, reach, &mut hits);
        hits.sort_unstable();
        let mut seen = HashSet::new();
        hits.retain(|h| seen.insert(h.number));
        hits.truncate(limit);
        hits.into_iter().map(|h| h.number).collect()
    }

    fn may(&self, row: usize, reach: &Reach, open: &[bool]) -> Option<u32> {
        let number = *self.numbers.get(row)?;
        if self.fresh.contains_key(&number) {
            return None;
        }
        let here = *open.get(*self.at.get(row)? as usize)?;
        let shown = reach.all
            || (reach.place && !*self.restricted.get(row)?)
            || reach.own.contains(&number);
        (here && shown).then_some(number)
    }
    fn length(&self, row: usize) -> u32 {
        let start = self.starts.get(row).copied().unwrap_or_default();
        let next = self.starts.get(row + 1).copied();
        next.unwrap_or(u32::try_from(self.arena.len()).unwrap_or(u32::MAX))
            .saturating_sub(start + 1)
    }

    /// Three walks over the arena, the next only while there are too few hits: the whole name, its beginning, any part.
    fn by_characters(
        &self,
        words: &str,
        reach: &Reach,
        open: &[bool],
        limit: usize,
        hits: &mut Vec<Hit>,
    ) {
        let own_only = !reach.all && !reach.place;
        for (rank, pattern) in
            [format!("\n{words}\n"), format!("\n{words}"), words.to_owned()].iter().enumerate()
        {
            let finder = memmem::Finder::new(pattern.as_bytes());
            let lead = usize::from(pattern.starts_with('\n'));
            let mut found = 0;
            for place in finder.find_iter(&self.arena) {
                let at = u32::try_from(place + lead).unwrap_or(u32::MAX);
                let row = self.starts.partition_point(|s| *s <= at).wrapping_sub(1);
                if let Some(number) = self.may(row, reach, open) {
                    hits.push(Hit {
                        rank: u8::try_from(rank).unwrap_or(3),
                        len: self.length(row),
                        number,
                    });
                    found += 1;
                    if found >= limit && !own_only {
                        break;
                    }
                }
            }
            if hits.len() >= limit {
                break;
            }
        }
    }

    fn by_letters(&self, words: &str, reach: &Reach, open: &[bool], hits: &mut Vec<Hit>) {
        // So many are looked at and so many kept: a single letter fits a fifth of the district.
        const LOOKED: usize = 200_000;
        const KEPT: usize = 400;
        let Spelling { initials, spelled } = self.readings.of_query(words);
        let walks = initials
            .iter()
            .map(|r| (&self.initials, r))
            .chain(spelled.iter().map(|r| (&self.spelled, r)));
        for (keys, range) in walks {
            let exact = keys.within(&(*range.start()..=*range.start())).len();
            for (n, row) in keys.within(range).iter().take(LOOKED).enumerate() {
                if hits.len() >= KEPT {
                    break;
                }
                let row = *row as usize;
                if let Some(number) = self.may(row, reach, open) {
                    let rank = if n < exact { 0 } else { 1 };
                    hits.push(Hit { rank, len: self.length(row), number });
                }
            }
        }
    }

    fn among_fresh(&self, words: &str, letters: bool, reach: &Reach, hits: &mut Vec<Hit>) {
        let query = letters.then(|| self.readings.of_query(&words.to_lowercase()));
        for named in self.fresh.values().flatten() {
            let here = reach.all || named.path.starts_with(&reach.path);
            let shown = reach.all
                || (reach.place && !named.restricted)
                || reach.own.contains(&named.number);
            if !here || !shown {
                continue;
            }
            let spelled = || {
                let Some(q) = &query else { return false };
                let s = self.readings.of_name(&named.name);
                let fits = |keys: &[u64], ranges: &[RangeInclusive<u64>]| {
                    keys.iter().any(|k| ranges.iter().any(|r| r.contains(k)))
                };
                fits(&s.initials, &q.initials) || fits(&s.spelled, &q.spelled)
            };
            let rank = if named.name == words {
                0
            } else if named.name.starts_with(words) || spelled() {
                1
            } else if named.name.contains(words) {
                2
            } else {
                continue;
            };
            let len = u32::try_from(named.name.len()).unwrap_or(u32::MAX);
            hits.push(Hit { rank, len, number: named.number });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_sound_alike() {
        assert!(sound_alike("周桂英", "周桂瑛") && sound_alike("单雄", "山雄"));
        assert!(!sound_alike("周桂英", "周桂芳") && !sound_alike("John", "Jon"));
    }

    fn index() -> Index {
        let mut b = Builder::default();
        let all = [
            "周桂英",
            "单桂花",
            "仇英",
            "尉迟敬德",
            "曾国平",
            "吕桂英",
            "周桂",
            "解晓东",
            "查良",
            "欧阳雪",
        ];
        for (n, name) in all.iter().enumerate() {
            b.add(n as u32 + 1, name, if n < 5 { "/d/s1/c1/" } else { "/d/s2/c2/" }, n == 2);
        }
        b.done()
    }
    fn everybody() -> Reach {
        Reach { all: true, ..Reach::default() }
    }

    #[test]
    fn characters_initials_and_spelling() {
        let i = index();
        let find = |q: &str| i.find(q, &everybody(), 20);
        assert_eq!(find("周桂"), [7, 1], "the whole name first");
        assert_eq!(find("桂英"), [1, 6]);
        assert_eq!(find("zgy"), [1]);
        assert!(
            find("sgh").contains(&2) && find("shangui").contains(&2),
            "单 is Shan as a surname"
        );
        assert_eq!(find("qy"), [3], "仇 is Qiu");
        assert_eq!(find("yuchi"), [4], "尉迟 is Yuchi");
        assert!(find("zenggp").is_empty() && find("zengguop") == [5]);
        assert_eq!(find("xiexiaod"), [8]);
        assert_eq!(find("zhal"), [9]);
        assert_eq!(find("ouyangxue"), [10]);
        assert!(find("lvguiying") == [6] && find("lgy") == [6]);
        assert!(find("zzzz").is_empty() && find("").is_empty() && find("1").is_empty());
    }

    #[test]
    fn only_within_reach() {
        let i = index();
        let place = Reach { path: "/d/s1/".into(), place: true, ..Reach::default() };
        assert_eq!(i.find("周桂", &place, 20), [1]);
        assert!(i.find("仇英", &place, 20).is_empty(), "restricted");
        let own = Reach { path: "/d/".into(), own: [3].into(), ..Reach::default() };
        assert_eq!(i.find("仇英", &own, 20), [3]);
        assert!(i.find("周桂英", &own, 20).is_empty());
    }

    #[test]
    fn changes_hold_at_once() {
        let mut i = index();
        i.change(1, None);
        let named =
            Named {
                number: 99, name: "周桂兰".into(), path: "/d/s1/".into(), restricted: false
            };
        i.change(99, Some(named));
        assert_eq!(i.find("周桂", &everybody(), 20), [7, 99]);
        assert_eq!(i.find("zgl", &everybody(), 20), [99]);
    }
}
