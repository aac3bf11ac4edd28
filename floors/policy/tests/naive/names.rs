//! Does a registered name have the prescribed shape (M16, M17)?
use super::value::Ask;

/// The own street's and community's names without 街道 and 社区.
fn own(ask: &Ask) -> (Option<String>, Option<String>) {
    let find = |id: &Option<String>| ask.rows.units.iter().find(|u| Some(&u.id) == id.as_ref());
    let (mut street, mut community) = (None, None);
    let mut at = ask.unit().and_then(|u| find(&u.parent));
    while let Some(unit) = at {
        match unit.kind.name() {
            "street" => street = Some(unit.short_name.clone()),
            "community" => community = Some(unit.short_name.clone()),
            _ => {}
        }
        at = find(&unit.parent);
    }
    (street, community)
}

/// The shape of a station's or a studio's name with the unit's own street and community filled in.
pub(crate) fn fits(ask: &Ask, shape: &str, name: &str) -> bool {
    let (street, community) = own(ask);
    let filled = shape.replace("{street:han+}", &street.unwrap_or_default());
    let filled = filled.replace("{community:han+}", &community.unwrap_or_default());
    let name = name.replace('(', "（").replace(')', "）");
    if one(&filled, &name) {
        return true;
    }
    ask.option("studio_name_brackets", "optional") && one(&filled.replace(['（', '）'], ""), &name)
}

/// A shape with at most one hole left, which takes at least one character.
fn one(shape: &str, name: &str) -> bool {
    let Some((before, after)) = shape.split_once("{title:any+}") else { return shape == name };
    let label = name.strip_prefix(before).and_then(|rest| rest.strip_suffix(after));
    label.is_some_and(|l| !l.is_empty())
}
