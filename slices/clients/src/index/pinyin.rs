//! Names as pinyin keys. A syllable is its place in the alphabetical list of all syllables, so that everything that begins with some letters
//! is one range of keys, whether the last syllable was typed whole or in part.
use std::collections::HashMap;
use std::ops::RangeInclusive;

use ib_pinyin_data::{PinyinData, PinyinNotation};

/// Bits of a syllable in a key, and syllables in a key: ten each, six of them. 0 is "nothing".
const BITS: u32 = 10;
const MOST: usize = 6;
/// Bits of a letter, and letters in a key: five each, twelve of them.
const LETTER: u32 = 5;
const LETTERS: usize = 12;
/// A name of many readings is kept under so many.
const READINGS: usize = 12;

/// Surnames read otherwise than the character by itself.
const SURNAMES: [(&str, &[&str]); 44] = [
    ("单于", &["chan", "yu"]),
    ("尉迟", &["yu", "chi"]),
    ("万俟", &["mo", "qi"]),
    ("澹台", &["tan", "tai"]),
    ("长孙", &["zhang", "sun"]),
    ("令狐", &["ling", "hu"]),
    ("鲜于", &["xian", "yu"]),
    ("宿", &["su"]),
    ("单", &["shan"]),
    ("仇", &["qiu"]),
    ("曾", &["zeng"]),
    ("解", &["xie"]),
    ("查", &["zha"]),
    ("区", &["ou"]),
    ("朴", &["piao"]),
    ("盖", &["ge"]),
    ("缪", &["miao"]),
    ("任", &["ren"]),
    ("召", &["shao"]),
    ("乐", &["yue"]),
    ("翟", &["zhai"]),
    ("褚", &["chu"]),
    ("繁", &["po"]),
    ("员", &["yun"]),
    ("黑", &["he"]),
    ("宓", &["mi"]),
    ("谌", &["chen"]),
    ("秘", &["bi"]),
    ("冼", &["xian"]),
    ("洗", &["xian"]),
    ("燕", &["yan"]),
    ("应", &["ying"]),
    ("宁", &["ning"]),
    ("种", &["chong"]),
    ("折", &["she"]),
    ("盛", &["sheng"]),
    ("牟", &["mu"]),
    ("句", &["gou"]),
    ("藏", &["zang"]),
    ("纪", &["ji"]),
    ("葛", &["ge"]),
    ("车", &["che"]),
    ("沈", &["shen"]),
    ("覃", &["qin"]),
];

/// Keys of a name, or ranges of keys a query asks for.
pub(super) struct Spelling<T> {
    pub(super) initials: Vec<T>,
    pub(super) spelled: Vec<T>,
}

/// The readings of characters.
#[derive(Clone)]
pub(super) struct Readings {
    /// All syllables, in order; a syllable's number is its place plus one.
    syllables: Vec<String>,
    /// By character, each reading once.
    of: HashMap<char, Vec<u16>>,
}

impl Default for Readings {
    fn default() -> Self {
        let data = PinyinData::new(PinyinNotation::Ascii);
        let mut syllables: Vec<String> = Vec::new();
        for p in data.iter() {
            if let Some(s) = p.notation(PinyinNotation::Ascii) {
                syllables.push(s.to_owned());
            }
        }
        syllables.sort();
        syllables.dedup();
        let mut of = HashMap::new();
        for c in '\u{3400}'..='\u{9fff}' {
            let mut mine: Vec<u16> = data
                .get_pinyins(c)
                .filter_map(|p| number(&syllables, p.notation(PinyinNotation::Ascii)?))
                .collect();
            mine.sort_unstable();
            mine.dedup();
            if !mine.is_empty() {
                of.insert(c, mine);
            }
        }
        Self { syllables, of }
    }
}

fn number(syllables: &[String], s: &str) -> Option<u16> {
    let at = syllables.binary_search_by(|x| x.as_str().cmp(s)).ok()?;
    u16::try_from(at + 1).ok()
}

fn letter(c: u8) -> u64 {
    if c.is_ascii_lowercase() { u64::from(c - b'a') + 1 } else { 0 }
}

/// Syllables as one key, the first highest.
fn pack(parts: &[u16]) -> u64 {
    parts.iter().take(MOST).enumerate().fold(0, |key, (n, part)| {
        key | u64::from(*part) << (BITS * (u32::try_from(MOST - 1 - n).unwrap_or(0)))
    })
}
fn pack_letters(letters: &[u8]) -> u64 {
    letters.iter().take(LETTERS).enumerate().fold(0, |key, (n, c)| {
        key | letter(*c) << (LETTER * (u32::try_from(LETTERS - 1 - n).unwrap_or(0)))
    })
}

impl Readings {
    fn initial(&self, syllable: u16) -> u8 {
        let s = self.syllables.get(usize::from(syllable).wrapping_sub(1));
        s.and_then(|s| s.bytes().next()).unwrap_or(b'?')
    }

    /// The keys of a name under every way to read it, at most so many; a surname's own reading comes first.
    pub(super) fn of_name(&self, name: &str) -> Spelling<u64> {
        let surname = SURNAMES.iter().find(|(s, _)| name.starts_with(s));
        let mut ways: Vec<Vec<u16>> = vec![Vec::new()];
        let mut rest = name.chars();
        if let Some((s, read)) = surname {
            let first: Vec<u16> = read.iter().filter_map(|r| number(&self.syllables, r)).collect();
            ways = vec![first];
            rest = name.get(s.len()..).unwrap_or_default().chars();
        }
        for c in rest.filter(|c| !matches!(c, '·' | ' ' | '•')).take(MOST + LETTERS) {
            let Some(readings) = self.of.get(&c) else { continue };
            let mut next = Vec::new();
            for way in &ways {
                for r in readings {
                    if next.len() < READINGS {
                        let mut longer = way.clone();
                        longer.push(*r);
                        next.push(longer);
                    }
                }
            }
            ways = next;
        }
        ways.retain(|w| !w.is_empty());
        let mut spelled: Vec<u64> = ways.iter().map(|w| pack(w)).collect();
        let mut initials: Vec<u64> = ways
            .iter()
            .map(|w| pack_letters(&w.iter().map(|s| self.initial(*s)).collect::<Vec<_>>()))
            .collect();
        for keys in [&mut spelled, &mut initials] {
            keys.sort_unstable();
            keys.dedup();
        }
        Spelling { initials, spelled }
    }

    /// The ranges of keys that letters ask for: as initials, and as syllables in every way they can be cut.
    pub(super) fn of_query(&self, letters: &str) -> Spelling<RangeInclusive<u64>> {
        let typed: Vec<u8> = letters.bytes().filter(u8::is_ascii_lowercase).collect();
        if typed.is_empty() {
            return Spelling { initials: Vec::new(), spelled: Vec::new() };
        }
        let initials = if typed.len() <= LETTERS {
            let low = pack_letters(&typed);
            let open = LETTER * u32::try_from(LETTERS - typed.len()).unwrap_or(0);
            vec![low..=low | ((1 << open) - 1)]
        } else {
            Vec::new()
        };
        let mut spelled = Vec::new();
        let text = String::from_utf8(typed).unwrap_or_default();
        self.cut(&text, &mut Vec::new(), &mut spelled);
        Spelling { initials, spelled }
    }

    fn cut(&self, rest: &str, done: &mut Vec<u16>, out: &mut Vec<RangeInclusive<u64>>) {
        if out.len() >= 32 || done.len() >= MOST {
            return;
        }
        let below = BITS * u32::try_from(MOST - done.len()).unwrap_or(0);
        if rest.is_empty() {
            let low = pack(done);
            out.push(low..=low | ((1 << below) - 1));
            return;
        }
        for n in 1..=rest.len().min(6) {
            let (head, tail) = rest.split_at(n);
            if let Some(s) = number(&self.syllables, head) {
                done.push(s);
                self.cut(tail, done, out);
                done.pop();
            }
        }
        // The last syllable may be typed in part; the first may not, or every letter would be a reading beside the initials.
        let from = self.syllables.partition_point(|s| s.as_str() < rest);
        let to =
            self.syllables.iter().skip(from).take_while(|s| s.starts_with(rest)).count() + from;
        if to > from {
            let part = |n: usize| {
                let mut all = done.clone();
                all.push(u16::try_from(n).unwrap_or(u16::MAX));
                pack(&all)
            };
            let low_bits = (1 << (below - BITS)) - 1;
            out.push(part(from + 1)..=part(to) | low_bits);
        }
    }
}
