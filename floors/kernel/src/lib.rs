//! Words every floor and slice shares. No IO, no clock, no chance.
//!
//! Reading order: [`id`] names things, [`day`] dates them, [`calendar`] knows working days, [`money`] and [`ratio`] measure them,
//! [`numbers`] checks the numbers a state gives to people and bodies, [`refusal`] says no.
pub mod calendar;
pub mod day;
pub mod id;
pub mod money;
pub mod numbers;
pub mod ratio;
pub mod refusal;

pub use day::{Day, Instant, Period};
pub use id::{
    AccountId, ActivityId, AnswerId, AssignmentId, BatchId, CaseId, ClientId, ConsultationId,
    DeliberationId, EvidenceId, FileId, GlassId, GrantId, GroupId, HouseholdId, Ids, NoticeId,
    OrgId, PersonId, PlacementId, RecordId, ReferralId, RegionId, ServiceId, SessionId, SiteId,
    VisitId,
};
pub use money::Money;
pub use ratio::Ratio;
pub use refusal::{Refusal, Refusals};
