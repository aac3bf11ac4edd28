//! What an emergency look is and what it refuses. Pure.
use access::care::{Glass, GlassReason};
use kernel::{Instant, Refusals};

/// A look lasts an hour.
pub const MINUTES: i64 = 60;
/// A look is reviewed within so many days.
pub const REVIEW_DAYS: i32 = 7;
/// Fewer signs are no reason.
const LEAST_WORDS: usize = 10;
const MOST_WORDS: usize = 500;

/// What is asked: whose file, and why.
#[derive(Clone, Debug, Default)]
pub struct Ask {
    /// The client's short number, or the whole ID number.
    pub whom: String,
    pub reason: String,
    pub words: String,
}

impl Ask {
    /// The reason, when all is well said.
    ///
    /// # Errors
    /// Refusals at `whom`, `reason` and `words`.
    pub fn checked(&self) -> Result<GlassReason, Refusals> {
        let mut no = Refusals::none();
        no.require(!self.whom.trim().is_empty(), "whom", "glass.whom_missing");
        let reason = GlassReason::parse(&self.reason);
        no.require(reason.is_some(), "reason", "glass.reason_missing");
        let said = self.words.trim().chars().count();
        no.require((LEAST_WORDS..=MOST_WORDS).contains(&said), "words", "glass.words");
        no.done()?;
        reason.ok_or_else(Refusals::none)
    }
}

/// Is the look's review overdue at this instant?
pub fn overdue(glass: &Glass, now: Instant) -> bool {
    glass.reviewed_at.is_none() && glass.opened_at.day().plus_days(REVIEW_DAYS) <= now.day()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_look_without_whom_or_why_is_refused_at_the_field() {
        let no = Ask::default().checked().unwrap_err();
        let fields: Vec<_> = no.0.iter().filter_map(|r| r.field.clone()).collect();
        assert_eq!(fields, ["whom", "reason", "words"]);
        let ask = Ask {
            whom: "12".into(),
            reason: "life".into(),
            words: "邻居报告老人失联两日，电话不通".into(),
        };
        assert_eq!(ask.checked().unwrap(), GlassReason::Life);
    }
}
