//! Takes a TOML table key by key, notes every fault, and at the end names the keys nobody asked for.
use std::collections::BTreeMap;

use kernel::Day;
use serde::de::DeserializeOwned;

use super::fault::Faults;
use super::model::{Arg, Args, Nth, Quote, Text};
use super::node::{Node, Val};

/// The longest quotation of the official text, in characters.
pub(crate) const QUOTE_MAX: usize = 24;

/// A reader over one table.
pub(crate) struct Reader<'a> {
    node: &'a Node,
    pub(crate) file: &'a str,
    /// What to call the table in a fault, such as `station.staff`.
    pub(crate) name: String,
    used: Vec<&'a str>,
    pub(crate) faults: &'a mut Faults,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(node: &'a Node, file: &'a str, name: String, faults: &'a mut Faults) -> Self {
        Self { node, file, name, used: Vec::new(), faults }
    }
    pub(crate) const fn line(&self) -> usize {
        self.node.line
    }
    /// The value under a key, now used.
    pub(crate) fn take(&mut self, key: &'static str) -> Option<&'a Node> {
        let found = self.node.get(key)?;
        self.used.push(key);
        Some(found)
    }
    pub(crate) fn fault(
        &mut self,
        line: usize,
        field: &str,
        key: &'static str,
        args: &[(&'static str, &str)],
    ) {
        let field =
            if field.is_empty() { self.name.clone() } else { format!("{}.{field}", self.name) };
        self.faults.add(self.file, line, &field, key, args);
    }
    fn wrong(&mut self, key: &str, n: &Node, want: &str) {
        self.fault(n.line, key, "type", &[("want", want), ("got", n.val.kind())]);
    }
    pub(crate) fn text(&mut self, key: &'static str) -> Option<String> {
        let n = self.take(key)?;
        if let Some(s) = n.str() {
            return Some(s.to_owned());
        }
        self.wrong(key, n, "string");
        None
    }
    /// A text that must be there.
    pub(crate) fn must(&mut self, key: &'static str) -> String {
        if self.node.get(key).is_none() {
            self.fault(self.line(), key, "absent", &[]);
        }
        self.text(key).unwrap_or_default()
    }
    /// One text or a list of texts.
    pub(crate) fn texts(&mut self, key: &'static str) -> Vec<String> {
        let Some(n) = self.take(key) else { return Vec::new() };
        if let Some(s) = n.str() {
            return vec![s.to_owned()];
        }
        let texts: Option<Vec<String>> =
            n.items().iter().map(|i| i.str().map(str::to_owned)).collect();
        if let (Val::List(_), Some(texts)) = (&n.val, texts) {
            return texts;
        }
        self.wrong(key, n, "string or array of strings");
        Vec::new()
    }
    pub(crate) fn flag(&mut self, key: &'static str) -> Option<bool> {
        let n = self.take(key)?;
        if let Val::Bool(b) = n.val {
            return Some(b);
        }
        self.wrong(key, n, "boolean");
        None
    }
    pub(crate) fn ints(&mut self, key: &'static str) -> Vec<i64> {
        let Some(n) = self.take(key) else { return Vec::new() };
        let ints: Option<Vec<i64>> = n
            .items()
            .iter()
            .map(|i| if let Val::Int(v) = i.val { Some(v) } else { None })
            .collect();
        if let (Val::List(_), Some(ints)) = (&n.val, ints) {
            return ints;
        }
        self.wrong(key, n, "array of integers");
        Vec::new()
    }
    /// A date, as a TOML date or as text; blank text is no date.
    pub(crate) fn day(&mut self, key: &'static str) -> Option<Day> {
        let n = self.take(key)?;
        self.as_day(key, n)
    }
    pub(crate) fn as_day(&mut self, key: &str, n: &Node) -> Option<Day> {
        match &n.val {
            Val::Date(d) => return Some(*d),
            Val::Str(s) if s.trim().is_empty() => return None,
            Val::Str(s) => {
                if let Ok(d) = s.parse() {
                    return Some(d);
                }
            }
            _ => {}
        }
        self.fault(n.line, key, "date", &[]);
        None
    }
    /// A text in both languages: a table with `zh` and `en`, or a Chinese text alone.
    pub(crate) fn both(&mut self, key: &'static str) -> Option<Text> {
        let n = self.take(key)?;
        match &n.val {
            Val::Str(s) => return Some(Text { zh: s.clone(), en: String::new() }),
            Val::Map(m) => {
                let mut t = Text::default();
                for (k, v) in m {
                    match (k.as_str(), v.str()) {
                        ("zh", Some(s)) => s.clone_into(&mut t.zh),
                        ("en", Some(s)) => s.clone_into(&mut t.en),
                        ("zh" | "en", None) => self.wrong(key, v, "string"),
                        _ => self.fault(v.line, &format!("{key}.{k}"), "unknown_key", &[]),
                    }
                }
                return Some(t);
            }
            _ => {}
        }
        self.wrong(key, n, "text in zh and en");
        None
    }
    /// The quoted words and which occurrence they are.
    pub(crate) fn quote(&mut self) -> Option<Quote> {
        let nth = match self.take("nth") {
            None => Nth::Once,
            Some(n) => match &n.val {
                Val::Str(s) if s == "all" => Nth::All,
                Val::Int(i) if *i > 0 => Nth::At(u32::try_from(*i).unwrap_or(1)),
                _ => {
                    self.wrong("nth", n, "\"all\" or a number from 1");
                    Nth::Once
                }
            },
        };
        let line = self.node.get("quote").map_or(0, |n| n.line);
        let words = self.text("quote")?;
        self.check_quote(&words, line, "quote");
        Some(Quote { words, nth })
    }
    pub(crate) fn check_quote(&mut self, words: &str, line: usize, field: &str) {
        let n = words.chars().count();
        if n > QUOTE_MAX {
            self.fault(
                line,
                field,
                "quote_long",
                &[("n", &n.to_string()), ("max", &QUOTE_MAX.to_string())],
            );
        }
        if n == 0 {
            self.fault(line, field, "quote_empty", &[]);
        }
    }
    /// One of a closed set of words.
    pub(crate) fn word<T: DeserializeOwned>(&mut self, key: &'static str, default: T) -> T {
        let Some(n) = self.take(key) else { return default };
        match n.plain().try_into() {
            Ok(v) => v,
            Err(_) => {
                let got = n.str().unwrap_or_else(|| n.val.kind()).to_owned();
                self.fault(n.line, key, "word", &[("got", &got)]);
                default
            }
        }
    }
    /// Any table serde can read.
    pub(crate) fn shape<T: DeserializeOwned>(&mut self, key: &'static str) -> Option<T> {
        let n = self.take(key)?;
        match n.plain().try_into() {
            Ok(v) => Some(v),
            Err(e) => {
                self.fault(n.line, key, "shape", &[("what", e.message())]);
                None
            }
        }
    }
    /// Names the keys nobody asked for.
    pub(crate) fn close(mut self) {
        for (k, v) in self.node.entries() {
            if !self.used.contains(&k.as_str()) {
                self.fault(v.line, k, "unknown_key", &[]);
            }
        }
    }
}

/// The arguments of a measure.
pub(crate) fn args(n: &Node) -> Args {
    n.entries().iter().filter_map(|(k, v)| Some((k.clone(), arg(v)?))).collect()
}
fn arg(n: &Node) -> Option<Arg> {
    Some(match &n.val {
        Val::Str(s) => Arg::Texts(vec![s.clone()]),
        Val::Int(i) => Arg::Int(*i),
        Val::Bool(b) => Arg::Bool(*b),
        Val::List(l) => Arg::Texts(l.iter().filter_map(|i| i.str().map(str::to_owned)).collect()),
        Val::Map(m) => Arg::Map(
            m.iter().filter_map(|(k, v)| Some((k.clone(), arg(v)?))).collect::<BTreeMap<_, _>>(),
        ),
        Val::Date(_) | Val::Other(_) => return None,
    })
}
