//! Verdicts, clocks and the settings of a run.
use std::collections::BTreeMap;

use kernel::{Day, Instant};
use serde::{Deserialize, Serialize};

/// What a rule says of a unit.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum Verdict {
    /// The rule is not asked of this unit at all; never shown.
    #[default]
    Absent,
    Pass,
    /// Only a *must* can fail.
    Fail,
    /// A softer wish is not met.
    Warn,
    /// A record is missing; missing is not zero.
    Unknown,
    /// A condition does not hold, the rule was not in force, or there is nothing below the line.
    NotApplicable,
    /// The deadline is ahead.
    NotYet,
    /// On or above the path to the next point.
    OnTrack,
    /// Below the path, or a striven-for point not reached.
    Behind,
    /// A duty done, a target reached.
    Met,
    /// The deadline has passed.
    Missed,
    /// A person in charge excused it, with a reason and an end.
    Waived,
    /// A person decides.
    Judgement,
}
impl Verdict {
    /// Every verdict, by number.
    pub const ALL: [Self; 13] = [
        Self::Absent,
        Self::Pass,
        Self::Fail,
        Self::Warn,
        Self::Unknown,
        Self::NotApplicable,
        Self::NotYet,
        Self::OnTrack,
        Self::Behind,
        Self::Met,
        Self::Missed,
        Self::Waived,
        Self::Judgement,
    ];
    /// Its name in packs and locale keys.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Absent => "absent",
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Warn => "warn",
            Self::Unknown => "unknown",
            Self::NotApplicable => "not_applicable",
            Self::NotYet => "not_yet",
            Self::OnTrack => "on_track",
            Self::Behind => "behind",
            Self::Met => "met",
            Self::Missed => "missed",
            Self::Waived => "waived",
            Self::Judgement => "judgement",
        }
    }
    /// The verdict of this name.
    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|v| v.name() == name)
    }
    /// Is the rule satisfied as of now?
    pub const fn good(self) -> bool {
        matches!(self, Self::Pass | Self::Met | Self::OnTrack)
    }
    /// Is there something to mend?
    pub const fn bad(self) -> bool {
        matches!(self, Self::Fail | Self::Missed)
    }
}

/// The three clocks. None of them is read from a wall.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clocks {
    /// Which facts held, at the end of that day.
    pub as_of: Day,
    /// What had been recorded by then. The caller chooses the rows; the receipt carries this.
    pub known_at: Option<Instant>,
    /// Which law to ask under; [`Clocks::as_of`] when missing.
    pub law_at: Option<Day>,
}
impl Clocks {
    /// All three at this day.
    pub const fn on(as_of: Day) -> Self {
        Self { as_of, known_at: None, law_at: None }
    }
    /// The day whose law is asked.
    pub fn law(&self) -> Day {
        self.law_at.unwrap_or(self.as_of)
    }
}

/// Chosen readings (口径), by option name; the pack's defaults stand for the rest.
pub type Options = BTreeMap<String, String>;

/// A breach excused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiver {
    pub rule: String,
    pub unit: String,
    pub reason: String,
    pub approver: String,
    /// First day on which it no longer excuses.
    pub expires: Day,
}

/// What a district decides for itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    pub options: Options,
    pub waivers: Vec<Waiver>,
}
