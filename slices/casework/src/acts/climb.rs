//! What time alone brings about: a report whose police nobody told climbs from rung to rung, a crisis plan is owed and does not come.
//!
//! Told by the program itself: neither the log nor a notice leads back to who reported.
use access::notice::{self, Message};
use access::{Cx, Role, matrix};
use db::{Result, Tx};

use super::reports;
use crate::model::report::{HarmReport, Rung};
use crate::store;

/// The most steps of a kind that one round tells; the next round tells the rest.
const MOST: i64 = 100;
const HOUR: i64 = 3_600_000;
/// A crisis plan is owed within a day.
const CRISIS_HOURS: i64 = 24;

/// Tells every step that is due at this instant and was not told; answers how many.
///
/// # Errors
/// The engine's fault.
pub fn sweep(tx: &mut Tx<'_>, cx: &Cx) -> Result<usize> {
    let mut told = 0;
    for (rung, hours) in Rung::CLIMB {
        let since = cx.now.plus_millis(-hours * HOUR);
        for row in store::reports::climbing(tx, since, rung.step(), MOST)? {
            told += usize::from(tell(tx, cx, &row, rung)?);
        }
    }
    let since = cx.now.plus_millis(-CRISIS_HOURS * HOUR);
    for (case, at) in store::crises(tx, since, MOST)? {
        // A later crisis of the same case is owed a plan of its own.
        let step = format!("case.crisis.{}", at.0);
        if notice::first_time(tx, cx, case.id.as_str(), &step)? {
            let message = Message {
                key: "casework.notice.crisis",
                args: vec![("case", case.number())],
                href: format!("/cases/{}", case.id),
                urgent: true,
            };
            notice::tell_whoever_can(tx, cx, "cases.approve", &case.path, &message)?;
            told += 1;
        }
    }
    Ok(told)
}

/// Tells the people of a rung once; where a rung has nobody, the one above at once.
pub(super) fn tell(tx: &mut Tx<'_>, cx: &Cx, row: &HarmReport, rung: Rung) -> Result<bool> {
    let mut next = Some(rung);
    while let Some(rung) = next {
        if !notice::first_time(tx, cx, row.id.as_str(), rung.step())? {
            return Ok(false);
        }
        let message = reports::message(row, rung);
        if notice::tell_roles(tx, cx, &row.path, &message, |role| stands_on(role, rung))? > 0 {
            break;
        }
        next = rung.above();
    }
    Ok(true)
}

/// Whose rung it is: who approves or supervises cases at the station, who handles reports in the street, who may know the reporter in the district.
fn stands_on(role: Role, rung: Rung) -> bool {
    let may = |capability| matrix::allows(role, capability);
    let station = may("cases.approve") || may("cases.supervise");
    let district = may("reports.reporter");
    may("reports.handle")
        && match rung {
            Rung::Station => station && !district,
            Rung::Street => !station && !district,
            Rung::District => district,
        }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_handler_stands_on_one_rung() {
        for role in Role::ALL {
            let rungs = Rung::CLIMB.iter().filter(|(r, _)| stands_on(*role, *r)).count();
            assert_eq!(rungs, usize::from(matrix::allows(*role, "reports.handle")), "{role:?}");
        }
        assert!(stands_on(Role::Supervisor, Rung::Station));
        assert!(stands_on(Role::StreetOfficer, Rung::Street));
        assert!(stands_on(Role::DistrictOfficer, Rung::District));
    }
}
