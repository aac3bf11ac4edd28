//! The sentences behind the keys this floor hands out, in both languages.
//!
//! Pages look keys up in the house's locale; this small reader serves the pack tests, which quote reasons, and faults on a console.
use std::collections::HashMap;
use std::sync::OnceLock;

/// This floor's catalogues, by language, for the locale floor to load.
pub const LOCALES: [(&str, &str); 2] =
    [("zh-CN", include_str!("../locale/zh-CN.toml")), ("en", include_str!("../locale/en.toml"))];

/// A language a sentence is wanted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lang {
    Zh,
    En,
}

fn catalogue(lang: Lang) -> &'static HashMap<String, String> {
    static BOTH: OnceLock<[HashMap<String, String>; 2]> = OnceLock::new();
    let [zh, en] =
        BOTH.get_or_init(|| LOCALES.map(|(_, text)| toml::from_str(text).unwrap_or_default()));
    if lang == Lang::Zh { zh } else { en }
}

/// The sentence under a key, its `{name}`s filled in. A key without a sentence is said as itself.
pub fn say<K: AsRef<str>>(lang: Lang, key: &str, args: &[(K, String)]) -> String {
    let mut text = catalogue(lang).get(key).cloned().unwrap_or_else(|| key.to_owned());
    for (name, value) in args {
        text = text.replace(&format!("{{{}}}", name.as_ref()), value);
    }
    text
}

/// What people call a kind from a pack's vocabulary, such as `sw_assistant`; the kind itself when nobody named it.
pub fn kind(lang: Lang, kind: &str) -> String {
    catalogue(lang).get(&format!("policy.kind.{kind}")).cloned().unwrap_or_else(|| kind.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_say_the_same_keys_with_the_same_names() {
        let (zh, en) = (catalogue(Lang::Zh), catalogue(Lang::En));
        assert!(zh.len() > 60);
        let holes = |s: &str| {
            let mut found: Vec<String> = s
                .split('{')
                .skip(1)
                .filter_map(|p| p.split_once('}'))
                .map(|(n, _)| n.to_owned())
                .collect();
            found.sort();
            found
        };
        for (k, v) in zh {
            let other = en.get(k).unwrap_or_else(|| panic!("{k} has no English"));
            assert_eq!(holes(v), holes(other), "{k}");
        }
        assert_eq!(zh.len(), en.len());
    }
}
