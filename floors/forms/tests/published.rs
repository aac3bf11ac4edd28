//! Random sheets of the screening scales against keys written down here from the publications, not read from the definitions: the total, the
//! cut, and that an open item leaves no total.
use std::collections::BTreeMap;

use forms::Library;
use proptest::prelude::*;
use proptest::sample::select;

/// What a scale's authors say of it.
#[derive(Clone, Copy, Debug)]
struct Published {
    id: &'static str,
    /// Names of the items; empty: `q1`, `q2` and so on.
    names: &'static [&'static str],
    items: usize,
    /// The least and the largest answer to an item, in points.
    least: i64,
    most: i64,
    /// What the sum is multiplied with.
    factor: i64,
    /// Total from which (`at_most`: up to which) a closer look is advised.
    cut: i64,
    at_most: bool,
}

const fn from(id: &'static str, items: usize, most: i64, cut: i64) -> Published {
    Published { id, names: &[], items, least: 0, most, factor: 1, cut, at_most: false }
}

const LSNS: [&str; 6] =
    ["family_see", "family_private", "family_help", "friend_see", "friend_private", "friend_help"];

/// Kroenke 2001 and 2003; Spitzer 2006; Kroenke 2007; WHO 2024 (raw sum × 4, below 50); Lubben 2006 (below 12); Hughes 2004 (from 6).
const ALL: [Published; 7] = [
    from("phq9", 9, 3, 10),
    from("phq2", 2, 3, 3),
    from("gad7", 7, 3, 10),
    from("gad2", 2, 3, 3),
    Published { factor: 4, at_most: true, ..from("who5", 5, 5, 49) },
    Published { names: &LSNS, at_most: true, ..from("lsns6", 6, 5, 11) },
    Published { least: 1, ..from("ucla3", 3, 3, 6) },
];

fn name(p: &Published, at: usize) -> String {
    p.names.get(at).map_or_else(|| format!("q{}", at + 1), |n| (*n).to_owned())
}

proptest! {
    #[test]
    fn any_sheet_scores_as_published(
        p in select(ALL.to_vec()),
        dice in prop::collection::vec(0..1000_i64, 9),
        open in prop::option::weighted(0.2, 0..9_usize),
    ) {
        let form = Library::shipped().latest(p.id).unwrap();
        let points: Vec<i64> =
            dice.iter().take(p.items).map(|d| p.least + d % (p.most - p.least + 1)).collect();
        let open = open.filter(|o| *o < p.items);
        let flat: BTreeMap<String, String> = points
            .iter()
            .enumerate()
            .filter(|(at, _)| Some(*at) != open)
            .map(|(at, n)| (name(&p, at), n.to_string()))
            .collect();
        let score = form.score(&form.read(&flat).unwrap());
        if open.is_some() {
            prop_assert!(score.is_none(), "{}: an open item leaves no total", p.id);
            return Ok(());
        }
        let total = points.iter().sum::<i64>() * p.factor;
        let score = score.unwrap();
        prop_assert_eq!(score.total_text(), total.to_string(), "{}", p.id);
        let advised = if p.at_most { total <= p.cut } else { total >= p.cut };
        prop_assert_eq!(score.positive, advised, "{} at {}", p.id, total);
    }

    /// Sheikh and Yesavage 1986: five items score on "no"; from 5 on a closer look is advised.
    #[test]
    fn any_gds_15_scores_as_published(yes in prop::collection::vec(any::<bool>(), 15)) {
        const TURNED: [usize; 5] = [1, 5, 7, 11, 13];
        let form = Library::shipped().latest("gds15").unwrap();
        let word = |yes: bool| if yes { "yes" } else { "no" }.to_owned();
        let flat = (1..).zip(&yes).map(|(n, y)| (format!("q{n}"), word(*y))).collect();
        let total = (1..).zip(&yes).filter(|(n, y)| **y != TURNED.contains(n)).count();
        let score = form.score(&form.read(&flat).unwrap()).unwrap();
        prop_assert_eq!(score.total_text(), total.to_string());
        prop_assert_eq!(score.positive, total >= 5);
    }
}
