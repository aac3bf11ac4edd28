//! A day's work: what is overdue, what is due soon, what may wait.
use kernel::Day;
use web::Due;

/// Dues within this many days are "soon".
pub const SOON: i32 = 14;
/// How far ahead dues are gathered, in days.
pub const AHEAD: i32 = 60;

/// Whoever was not visited for more days than this is shown.
pub const UNVISITED: i32 = 30;

/// How pressing a due is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Press {
    Late,
    Soon,
    Later,
    /// No day is set: to be mended when possible.
    Open,
}

/// How pressing it is on a day.
pub fn press(due: &Due, today: Day) -> Press {
    match due.by {
        Some(by) if by < today => Press::Late,
        Some(by) if by.0 - today.0 <= SOON => Press::Soon,
        Some(_) => Press::Later,
        None => Press::Open,
    }
}

/// Is it planned for this day? What has a time of day is a plan whatever else it is.
pub fn planned(due: &Due, today: Day) -> bool {
    let plan = due.kind == web::DueKind::Schedule || due.time.is_some();
    plan && due.by == Some(today)
}

/// The most pressing first; within one press by day, then by site, so that one place is worked through at once.
pub fn sort(dues: &mut [Due], today: Day) {
    dues.sort_by(|a, b| {
        let key = |d: &Due| {
            (press(d, today), d.by.unwrap_or(Day::MAX), d.site_name.clone(), d.key, d.href.clone())
        };
        key(a).cmp(&key(b))
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn due(by: Option<&str>, site: &str) -> Due {
        Due {
            key: "k",
            site_name: site.into(),
            by: by.map(|b| b.parse().unwrap()),
            icon: "clock",
            ..Due::default()
        }
    }

    #[test]
    fn late_before_soon_before_later_before_open() {
        let today = "2026-11-23".parse().unwrap();
        let mut all = vec![
            due(None, "甲"),
            due(Some("2026-12-31"), "甲"),
            due(Some("2026-12-07"), "乙"),
            due(Some("2026-11-22"), "丙"),
            due(Some("2026-11-23"), "甲"),
        ];
        sort(&mut all, today);
        let order: Vec<_> = all.iter().map(|d| press(d, today)).collect();
        assert_eq!(order, [Press::Late, Press::Soon, Press::Soon, Press::Later, Press::Open]);
        assert_eq!(all[1].by, Some(today));
    }
}
