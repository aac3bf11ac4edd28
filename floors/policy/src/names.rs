//! Official names: does a name have the shape the policy gives, with the unit's own street and community in it? Clauses 4A.2-10, 4A.2-18.
use crate::facts::Facts;
use crate::pack::lex::is_han;
use crate::pack::{Part, Pattern};
use crate::rows::UnitKind;

/// How a name compares with its shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    Fits,
    Differs,
    /// The street or community the unit stands under is not recorded.
    NoRegion,
}

/// Half-width brackets read as full-width ones.
const fn norm(c: char) -> char {
    match c {
        '(' => '（',
        ')' => '）',
        c => c,
    }
}

/// The region's name as it goes into site names: without its suffix.
fn region<'f>(f: &'f Facts, unit: u32, kind: UnitKind, suffix: &str) -> Option<&'f str> {
    let r = f.above(unit, kind)?;
    let name = f.short_name(r).unwrap_or_else(|| f.unit_label(r));
    Some(name.strip_suffix(suffix).unwrap_or(name)).filter(|n| !n.is_empty())
}
pub(crate) fn street(f: &Facts, unit: u32) -> Option<&str> {
    region(f, unit, UnitKind::Street, "街道")
}
pub(crate) fn community(f: &Facts, unit: u32) -> Option<&str> {
    region(f, unit, UnitKind::Community, "社区")
}

/// Compares; `loose`: brackets may be left out.
pub(crate) fn shape(f: &Facts, unit: u32, p: &Pattern, name: &str, loose: bool) -> Shape {
    let (street, community) = (street(f, unit), community(f, unit));
    for part in &p.parts {
        match part {
            Part::Street if street.is_none() => return Shape::NoRegion,
            Part::Community if community.is_none() => return Shape::NoRegion,
            _ => {}
        }
    }
    let m = Matcher { street: street.unwrap_or(""), community: community.unwrap_or(""), loose };
    if m.fits(&p.parts, name) { Shape::Fits } else { Shape::Differs }
}

/// The name the unit should carry; holes nobody can fill stand as `○○`.
pub(crate) fn suggest(f: &Facts, unit: u32, p: &Pattern) -> String {
    let mut out = String::new();
    for part in &p.parts {
        out.push_str(match part {
            Part::Literal(t) => t,
            Part::Street => street(f, unit).unwrap_or("○○"),
            Part::Community => community(f, unit).unwrap_or("○○"),
            Part::Free { .. } => "○○",
        });
    }
    out
}

struct Matcher<'a> {
    street: &'a str,
    community: &'a str,
    loose: bool,
}
impl Matcher<'_> {
    fn fits(&self, parts: &[Part], name: &str) -> bool {
        let Some((part, rest)) = parts.split_first() else { return name.is_empty() };
        match part {
            Part::Literal(t) => self.after(t, name).is_some_and(|n| self.fits(rest, n)),
            Part::Street => self.after(self.street, name).is_some_and(|n| self.fits(rest, n)),
            Part::Community => self.after(self.community, name).is_some_and(|n| self.fits(rest, n)),
            Part::Free { han, .. } => {
                for (i, c) in name.char_indices() {
                    if *han && !is_han(c) {
                        return false;
                    }
                    let tail = name.get(i + c.len_utf8()..).unwrap_or("");
                    if self.fits(rest, tail) {
                        return true;
                    }
                }
                false
            }
        }
    }
    /// What is left of the name after this text.
    fn after<'n>(&self, text: &str, name: &'n str) -> Option<&'n str> {
        // Written as asked for, and without brackets to bend: nearly always.
        if let Some(left) = name.strip_prefix(text)
            && !text.contains(['(', ')'])
        {
            return Some(left);
        }
        let mut left = name;
        for want in text.chars() {
            let mut chars = left.chars();
            match chars.next() {
                Some(c) if norm(c) == want => left = chars.as_str(),
                _ if self.loose && matches!(want, '（' | '）') => {}
                _ => return None,
            }
        }
        Some(left)
    }
}
