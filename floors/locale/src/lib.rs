//! Sentences in two languages, looked up by key. Chinese is the first language; English is complete.
//!
//! Each crate ships `locale/zh-CN.toml` and `locale/en.toml` with flat keys (`"sites.title" = "站点"`) as [`Texts`];
//! the app loads them all into one [`Catalogue`]. `{name}` in a sentence is filled from arguments.
use std::collections::HashMap;

use kernel::Refusal;

/// A crate's sentences: `[("zh-CN", toml), ("en", toml)]`.
pub type Texts = [(&'static str, &'static str); 2];

/// `texts!()` reads the calling crate's two locale files at compile time.
#[macro_export]
macro_rules! texts {
    () => {
        [
            ("zh-CN", include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/locale/zh-CN.toml"))),
            ("en", include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/locale/en.toml"))),
        ]
    };
}

/// A language of the interface.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Lang {
    #[default]
    Zh,
    En,
}

impl Lang {
    /// The BCP 47 tag, as `<html lang>` wants it.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Zh => "zh-CN",
            Self::En => "en",
        }
    }
    /// From a tag or an `Accept-Language` header; anything but English reads Chinese.
    pub fn from_tag(tag: &str) -> Self {
        let first = tag.split([',', ';']).next().unwrap_or_default().trim();
        if first.eq_ignore_ascii_case("en") || first.to_ascii_lowercase().starts_with("en-") {
            Self::En
        } else {
            Self::Zh
        }
    }
    /// One of two texts.
    pub fn pick<'a>(self, zh: &'a str, en: &'a str) -> &'a str {
        match self {
            Self::En if !en.is_empty() => en,
            _ => zh,
        }
    }
}

/// Every sentence of the house.
#[derive(Debug, Default)]
pub struct Catalogue {
    zh: HashMap<String, String>,
    en: HashMap<String, String>,
}

/// A locale file that cannot be read, or a key said twice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault(pub String);

impl Catalogue {
    /// Loads every crate's sentences.
    ///
    /// # Errors
    /// When a file is no TOML table of texts or a key appears twice in one language.
    pub fn load(all: &[Texts]) -> Result<Self, Fault> {
        let mut me = Self::default();
        for (tag, text) in all.iter().flatten() {
            let table: HashMap<String, String> =
                toml::from_str(text).map_err(|e| Fault(format!("{tag}: {e}")))?;
            let into = if *tag == "en" { &mut me.en } else { &mut me.zh };
            for (key, sentence) in table {
                if let Some(earlier) = into.insert(key.clone(), sentence) {
                    return Err(Fault(format!("{tag}: `{key}` is said twice (first: {earlier})")));
                }
            }
        }
        Ok(me)
    }

    /// The sentence of a key; the key itself when there is none, so that a gap shows.
    pub fn text<'a>(&'a self, lang: Lang, key: &'a str) -> &'a str {
        let table = match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        };
        table.get(key).map_or(key, String::as_str)
    }

    /// Is there a sentence for this key?
    pub fn has(&self, key: &str) -> bool {
        self.zh.contains_key(key)
    }

    /// The sentence with its `{name}` places filled.
    pub fn fill(&self, lang: Lang, key: &str, args: &[(&str, String)]) -> String {
        fill(self.text(lang, key), args)
    }

    /// A refusal as a sentence.
    pub fn refusal(&self, lang: Lang, r: &Refusal) -> String {
        self.fill(lang, r.key, &r.args)
    }
}

/// Fills `{name}` places of a text.
pub fn fill(text: &str, args: &[(&str, String)]) -> String {
    let mut out = text.to_owned();
    for (name, value) in args {
        out = out.replace(&format!("{{{name}}}"), value);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: Texts = [("zh-CN", "\"a.b\" = \"共{n}人\""), ("en", "\"a.b\" = \"{n} people\"")];

    #[test]
    fn sentences_in_both_languages() {
        let c = Catalogue::load(&[A]).unwrap();
        assert_eq!(c.fill(Lang::Zh, "a.b", &[("n", "3".into())]), "共3人");
        assert_eq!(c.fill(Lang::En, "a.b", &[("n", "3".into())]), "3 people");
        assert_eq!(c.text(Lang::Zh, "a.c"), "a.c");
        assert!(Catalogue::load(&[A, A]).unwrap_err().0.contains("a.b"));
    }

    #[test]
    fn english_only_when_asked() {
        assert_eq!(Lang::from_tag("en-GB,en;q=0.9"), Lang::En);
        assert_eq!(Lang::from_tag("fr"), Lang::Zh);
    }
}
