//! Small decisions without a database: where a sign-in may lead, what a role sees first, what changed in a record.
use std::collections::BTreeSet;

use access::Role;
use kernel::{Day, Instant};
use serde_json::Value as Json;

/// Only an address of ours: one slash, no scheme, no host, nothing a browser would read as either.
pub fn local(path: &str) -> &str {
    let ours = path.starts_with('/')
        && !path.starts_with("//")
        && !path.contains(['\\', '\r', '\n', '\t'])
        && !path.chars().any(char::is_control);
    if ours { path } else { "/" }
}

/// The page a role begins with.
pub const fn first_page(role: Option<Role>) -> &'static str {
    match role {
        Some(Role::DistrictOfficer | Role::StreetOfficer | Role::Evaluator) => "/district",
        Some(Role::Auditor) => "/audit",
        Some(Role::SystemAdmin | Role::SecurityAdmin) => "/accounts",
        _ => "/today",
    }
}

/// A one-time password from random bytes: four groups of four, without letters that are mistaken for one another when read aloud.
/// 16 letters of 32 kinds: 80 bits.
pub fn one_time_password(secret: [u8; 32]) -> String {
    const LETTERS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz23456789+";
    let letter = |b: &u8| LETTERS.get(usize::from(b % 32)).map_or('a', |l| char::from(*l));
    let letters: Vec<char> = secret.iter().take(16).map(letter).collect();
    letters.chunks(4).map(|c| c.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}

/// One field of a record before and after.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Change {
    pub field: String,
    pub before: String,
    pub after: String,
    pub changed: bool,
}

/// The fields of a record side by side.
pub fn changes(before: Option<&Json>, after: Option<&Json>) -> Vec<Change> {
    let names = |j: Option<&Json>| {
        j.and_then(Json::as_object).map(|o| o.keys().cloned().collect::<BTreeSet<_>>())
    };
    let all: BTreeSet<String> =
        [names(before), names(after)].into_iter().flatten().flatten().collect();
    let text = |j: Option<&Json>, name: &str| match j.and_then(|o| o.get(name)) {
        None | Some(Json::Null) => String::new(),
        Some(Json::String(s)) => s.clone(),
        Some(other) => other.to_string(),
    };
    all.into_iter()
        .map(|field| {
            let (b, a) = (text(before, &field), text(after, &field));
            Change { changed: b != a, field, before: b, after: a }
        })
        .collect()
}

/// What the auditor asks the log for. Empty texts ask for anything; days are inclusive.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    pub from: Option<Day>,
    pub to: Option<Day>,
    /// An account's login name or id.
    pub account: String,
    pub subject: String,
    pub verb: String,
    pub unit: String,
}

impl Filter {
    /// The half-open span of instants.
    pub fn span(&self) -> (Instant, Instant) {
        let end = self.to.map_or(Instant(i64::MAX), |d| d.plus_days(1).start());
        (self.from.map_or(Instant(0), Day::start), end)
    }
    /// As a query, without the page number, ending in `&` or `?`.
    pub fn query(&self) -> String {
        let day = |d: Option<Day>| d.map_or_else(String::new, |d| d.to_string());
        let all = [
            ("from", day(self.from)),
            ("to", day(self.to)),
            ("account", self.account.clone()),
            ("subject", self.subject.clone()),
            ("verb", self.verb.clone()),
            ("unit", self.unit.clone()),
        ];
        let set = all.iter().filter(|(_, v)| !v.is_empty());
        set.fold("?".to_owned(), |q, (n, v)| format!("{q}{n}={}&", web::encode(v)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_our_own_addresses() {
        assert_eq!(local("/today?show=late"), "/today?show=late");
        for bad in [
            "",
            "today",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "/a\nb",
            "/\t/evil.example",
        ] {
            assert_eq!(local(bad), "/", "{bad:?}");
        }
    }

    #[test]
    fn one_time_passwords_are_good_enough_to_be_chosen() {
        let p = one_time_password(std::array::from_fn(|i| u8::try_from(i * 7).unwrap()));
        assert_eq!(p.len(), 19);
        assert!(access::password::check(&p, "lin").is_ok());
        assert_ne!(p, one_time_password([9; 32]));
    }

    #[test]
    fn changed_fields_show() {
        let c =
            changes(Some(&json!({"a": 1, "b": "x"})), Some(&json!({"a": 1, "b": "y", "c": true})));
        let marks: Vec<_> = c.iter().map(|c| (c.field.as_str(), c.changed)).collect();
        assert_eq!(marks, [("a", false), ("b", true), ("c", true)]);
        assert!(changes(None, None).is_empty());
    }

    #[test]
    fn filters_become_queries() {
        let f =
            Filter { subject: "post".into(), from: "2026-11-01".parse().ok(), ..Filter::default() };
        assert_eq!(f.query(), "?from=2026-11-01&subject=post&");
        assert!(f.span().0.0 > 0 && f.span().1.0 == i64::MAX);
    }
}
