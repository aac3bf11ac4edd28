//! The clocks of a case as pure data (defaults of the house; MZ/T 094 gives no numbers): what is due, and by when.
use kernel::calendar::plus_working;
use kernel::{Day, Instant};
use registry::client::RiskGrade;

use super::stage::Stage;

/// What a clock reads of a case.
#[derive(Clone, Debug)]
pub struct Face {
    pub stage: Stage,
    pub stage_on: Day,
    pub opened_on: Day,
    pub closed_on: Option<Day>,
    pub died: bool,
    pub grade: RiskGrade,
    /// Somebody has met the client.
    pub last_note: Option<Day>,
    /// When the next contact was promised.
    pub next_on: Option<Day>,
    /// The plan, or the latest look at it.
    pub planned: Option<Day>,
    /// When the plan itself says that it is to be looked at.
    pub review_on: Option<Day>,
    pub crisis_at: Option<Instant>,
    pub crisis_planned: Option<Instant>,
    /// The latest follow-up and how many there were since closing.
    pub follow_ups: i64,
    pub asked_opening: bool,
}

/// A clock that runs: what it asks for (a word of the locale under `casework.clock.`) and until when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clock {
    pub key: &'static str,
    pub by: Day,
}

/// Months after closing at which a closed case is looked at again.
pub const FOLLOW_UPS: [i32; 3] = [1, 3, 6];

/// Every clock that runs, the earliest first.
pub fn running(f: &Face) -> Vec<Clock> {
    let mut out = Vec::new();
    let mut run = |key, by| out.push(Clock { key, by });
    let urgent = matches!(f.grade, RiskGrade::Critical | RiskGrade::High);
    if f.stage.open() && f.crisis_at.is_some_and(|at| f.crisis_planned.is_none_or(|p| p < at)) {
        run("crisis", f.crisis_at.map_or(f.stage_on, |at| at.day().plus_days(1)));
    }
    match f.stage {
        Stage::Intake => {
            if f.last_note.is_none() {
                run("response", if urgent { f.opened_on } else { f.opened_on.plus_days(1) });
            }
            if !f.asked_opening {
                run("decision", plus_working(f.opened_on, 3));
            }
        }
        Stage::Assessment | Stage::Reopened => run("assessment", plus_working(f.stage_on, 10)),
        Stage::Planning => run("plan", plus_working(f.stage_on, 5)),
        Stage::Intervention => {
            let since = f.planned.unwrap_or(f.stage_on);
            let usual = since.plus_days(if urgent { 30 } else { 90 });
            run("review", f.review_on.filter(|d| *d > since).map_or(usual, |d| d.min(usual)));
        }
        Stage::Closure => run("approval", plus_working(f.stage_on, 5)),
        Stage::FollowUp if !f.died => {
            let done = usize::try_from(f.follow_ups).unwrap_or(usize::MAX);
            if let (Some(closed), Some(months)) = (f.closed_on, FOLLOW_UPS.get(done)) {
                run("follow_up", closed.plus_months(*months));
            }
        }
        _ => {}
    }
    if let Some(next) = f.next_on.filter(|_| f.stage.open() && f.stage != Stage::Closure) {
        run("contact", next);
    }
    out.sort_by_key(|c| c.by);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }
    fn face(stage: Stage, grade: RiskGrade) -> Face {
        let on = day("2026-09-30");
        Face {
            stage,
            stage_on: on,
            opened_on: on,
            closed_on: Some(on),
            died: false,
            grade,
            last_note: None,
            next_on: None,
            planned: None,
            review_on: None,
            crisis_at: None,
            crisis_planned: None,
            follow_ups: 0,
            asked_opening: false,
        }
    }
    fn said(f: &Face) -> Vec<String> {
        running(f).iter().map(|c| format!("{} {}", c.key, c.by)).collect()
    }

    #[test]
    fn an_intake_is_answered_in_a_day_and_decided_in_three_working_days() {
        let f = face(Stage::Intake, RiskGrade::Low);
        assert_eq!(said(&f), ["response 2026-10-01", "decision 2026-10-10"]);
        let danger = face(Stage::Intake, RiskGrade::Critical);
        assert_eq!(said(&danger)[0], "response 2026-09-30");
    }

    #[test]
    fn a_plan_is_looked_at_after_30_or_90_days_or_when_it_says() {
        let mut f = face(Stage::Intervention, RiskGrade::Medium);
        assert_eq!(said(&f), ["review 2026-12-29"]);
        f.grade = RiskGrade::High;
        assert_eq!(said(&f), ["review 2026-10-30"]);
        f.review_on = Some(day("2026-10-15"));
        assert_eq!(said(&f), ["review 2026-10-15"]);
        f.planned = Some(day("2026-10-20"));
        assert_eq!(said(&f), ["review 2026-11-19"], "an old promise was kept by the new plan");
    }

    #[test]
    fn follow_ups_come_after_one_three_and_six_months() {
        let mut f = face(Stage::FollowUp, RiskGrade::Low);
        let mut all = Vec::new();
        for n in 0..4 {
            f.follow_ups = n;
            all.extend(said(&f));
        }
        assert_eq!(all, ["follow_up 2026-10-30", "follow_up 2026-12-30", "follow_up 2027-03-30"]);
        f = Face { died: true, ..face(Stage::FollowUp, RiskGrade::Low) };
        assert!(said(&f).is_empty());
    }

    #[test]
    fn a_crisis_asks_for_a_plan_until_there_is_one() {
        let mut f = face(Stage::Intervention, RiskGrade::Critical);
        f.crisis_at = Some(day("2026-10-08").start());
        assert_eq!(said(&f)[0], "crisis 2026-10-09");
        f.crisis_planned = Some(day("2026-10-07").start());
        assert_eq!(said(&f)[0], "crisis 2026-10-09", "an older plan does not answer it");
        f.crisis_planned = Some(day("2026-10-09").start());
        assert_eq!(said(&f), ["review 2026-10-30"]);
    }
}
