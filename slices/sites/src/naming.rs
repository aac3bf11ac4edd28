//! The official names of sites (4A.2-10, 4A.2-18): made from the region tree and checked as typed. Pure.
//!
//! A station is `{city}{district}{street}社会工作站`, a studio `{district}{street}（{community}）{label}社会工作室`, without the city.
use kernel::Refusal;

/// What follows a station's street.
const STATION: &str = "社会工作站";
/// What follows a studio's label.
const STUDIO: &str = "社会工作室";

/// Where a site stands, by the names of the region tree (`杭州市`, `上城区`, `凯旋街道`, `兴隆社区`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    pub city: String,
    pub district: String,
    pub street: String,
    /// Empty for a station.
    pub community: String,
}

/// What a name says, checked against where the site stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    /// The name with its brackets made full-width and its spaces dropped.
    pub name: String,
    /// What differs from the official form; empty: nothing.
    pub faults: Vec<Refusal>,
}

/// The official name of a station.
pub fn station(place: &Place) -> String {
    format!("{}{}{}{STATION}", place.city, place.district, place.street)
}

/// The official name of a special station: the station's with its field before 工作站.
pub fn special(place: &Place, field: &str) -> String {
    format!("{}{}{}{field}工作站", place.city, place.district, place.street)
}

/// The official name of a studio.
pub fn studio(place: &Place, label: &str) -> String {
    format!("{}{}（{}）{label}{STUDIO}", place.district, place.street, place.community)
}

/// Full-width brackets, no spaces: how a name is kept.
pub fn normal(name: &str) -> String {
    name.chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| match c {
            '(' => '（',
            ')' => '）',
            c => c,
        })
        .collect()
}

/// Checks a station's name. `streets`: every street of the district, to tell a wrong street from a misspelt one.
pub fn check_station(typed: &str, place: &Place, streets: &[String]) -> Checked {
    let name = normal(typed);
    let mut faults = Vec::new();
    if name != station(place) {
        common(&name, place, streets, true, &mut faults);
        if !name.ends_with(STATION) {
            faults.push(at("naming.suffix", "4A.2-10").with("want", STATION));
        }
        rest(&mut faults, "4A.2-10");
    }
    Checked { name, faults }
}

/// Checks a special station's name: only where it stands is prescribed.
pub fn check_special(typed: &str, place: &Place, streets: &[String]) -> Checked {
    let name = normal(typed);
    let mut faults = Vec::new();
    if !name.starts_with(&format!("{}{}{}", place.city, place.district, place.street)) {
        common(&name, place, streets, true, &mut faults);
        rest(&mut faults, "4A.1-3");
    }
    Checked { name, faults }
}

/// Checks a studio's name and answers its label.
pub fn check_studio(typed: &str, place: &Place, streets: &[String]) -> (Checked, String) {
    let name = normal(typed);
    let head = format!("{}{}（{}）", place.district, place.street, place.community);
    let label = name.strip_prefix(&head).and_then(|r| r.strip_suffix(STUDIO)).unwrap_or_default();
    let mut faults = Vec::new();
    if label.is_empty() {
        if name.starts_with(&place.city) {
            faults.push(at("naming.city_extra", "4A.2-18").with("city", &place.city));
        }
        common(&name, place, streets, false, &mut faults);
        if !name.contains('（') || !name.contains('）') {
            faults.push(
                at("naming.brackets", "4A.2-18").with("want", format!("（{}）", place.community)),
            );
        } else if !name.contains(&format!("（{}）", place.community)) {
            faults.push(at("naming.community", "4A.2-18").with("want", &place.community));
        }
        if !name.ends_with(STUDIO) {
            faults.push(at("naming.suffix", "4A.2-18").with("want", STUDIO));
        }
        if name == format!("{head}{STUDIO}") {
            faults.push(at("naming.label", "4A.2-18"));
        }
        rest(&mut faults, "4A.2-18");
    }
    let label = label.to_owned();
    (Checked { name, faults }, label)
}

fn at(key: &'static str, clause: &'static str) -> Refusal {
    Refusal::at("name", key).under(clause)
}

/// A name that differs in none of the known ways still differs.
fn rest(faults: &mut Vec<Refusal>, clause: &'static str) {
    if faults.is_empty() {
        faults.push(at("naming.differs", clause));
    }
}

fn common(name: &str, place: &Place, streets: &[String], city: bool, faults: &mut Vec<Refusal>) {
    let clause = if city { "4A.2-10" } else { "4A.2-18" };
    if city && !name.starts_with(&place.city) {
        faults.push(at("naming.city_missing", clause).with("city", &place.city));
    }
    if !name.contains(&place.district) {
        faults.push(at("naming.district_missing", clause).with("district", &place.district));
    }
    if name.contains("街道街道") {
        faults.push(at("naming.street_twice", clause));
    }
    if !name.contains(&place.street) {
        let other = streets.iter().find(|s| **s != place.street && name.contains(s.as_str()));
        faults.push(match other {
            Some(other) => {
                at("naming.street_other", clause).with("other", other).with("want", &place.street)
            }
            None => at("naming.street_missing", clause).with("want", &place.street),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place() -> Place {
        Place {
            city: "杭州市".into(),
            district: "上城区".into(),
            street: "小营街道".into(),
            community: "小营巷社区".into(),
        }
    }
    fn streets() -> Vec<String> {
        ["小营街道", "湖滨街道", "闸弄口街道"].map(String::from).to_vec()
    }
    fn keys(c: &Checked) -> Vec<&'static str> {
        c.faults.iter().map(|f| f.key).collect()
    }

    #[test]
    fn stations_by_the_boundary_rows() {
        let check = |name| keys(&check_station(name, &place(), &streets()));
        assert!(check("杭州市上城区小营街道社会工作站").is_empty());
        assert!(check(" 杭州市上城区 小营街道社会工作站 ").is_empty());
        assert_eq!(check("上城区小营街道社会工作站"), ["naming.city_missing"]);
        assert_eq!(check("杭州市上城区湖滨街道社会工作站"), ["naming.street_other"]);
        assert_eq!(check("杭州市上城区小营街道街道社会工作站"), ["naming.street_twice"]);
        assert_eq!(check("杭州市上城区小营街道社工站"), ["naming.suffix"]);
        assert_eq!(check("杭州市小营街道社会工作站"), ["naming.district_missing"]);
        assert_eq!(check("杭州市上城区小营街道第一社会工作站"), ["naming.differs"]);
        assert_eq!(
            check("小营社工站"),
            [
                "naming.city_missing",
                "naming.district_missing",
                "naming.street_missing",
                "naming.suffix"
            ]
        );
    }

    #[test]
    fn studios_by_the_boundary_rows() {
        let check = |name| check_studio(name, &place(), &streets());
        let (good, label) = check("上城区小营街道（小营巷社区）王阿姨社会工作室");
        assert!(good.faults.is_empty());
        assert_eq!(label, "王阿姨");
        let (half, _) = check("上城区小营街道(小营巷社区)王阿姨社会工作室");
        assert!(half.faults.is_empty());
        assert_eq!(half.name, "上城区小营街道（小营巷社区）王阿姨社会工作室");
        let no = |name| keys(&check(name).0);
        assert_eq!(no("杭州市上城区小营街道（小营巷社区）王阿姨社会工作室"), ["naming.city_extra"]);
        assert_eq!(no("上城区小营街道（小营巷社区）社会工作室"), ["naming.label"]);
        assert_eq!(no("上城区小营街道小营巷社区王阿姨社会工作室"), ["naming.brackets"]);
        assert_eq!(no("上城区小营街道（姚园寺社区）王阿姨社会工作室"), ["naming.community"]);
        assert_eq!(no("上城区湖滨街道（小营巷社区）王阿姨社会工作室"), ["naming.street_other"]);
    }

    #[test]
    fn what_is_made_passes() {
        let p = place();
        assert!(check_station(&station(&p), &p, &streets()).faults.is_empty());
        assert_eq!(check_studio(&studio(&p, "微光"), &p, &streets()).1, "微光");
        assert!(check_special(&special(&p, "未成年人保护"), &p, &streets()).faults.is_empty());
    }
}
