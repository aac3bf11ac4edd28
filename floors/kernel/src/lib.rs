//! Words every floor and slice shares. No IO, no clock, no chance.
//!
//! Reading order: [`id`] names things, [`day`] dates them, [`money`] and [`ratio`] measure them,
//! [`numbers`] checks the numbers a state gives to people and bodies, [`refusal`] says no.
pub mod day;
pub mod id;
pub mod money;
pub mod numbers;
pub mod ratio;
pub mod refusal;

pub use day::{Day, Instant, Period};
pub use id::{
    AccountId, AnswerId, BatchId, ClientId, EvidenceId, FileId, GrantId, Ids, OrgId, PersonId,
    RecordId, RegionId, SessionId, SiteId,
};
pub use money::Money;
pub use ratio::Ratio;
pub use refusal::{Refusal, Refusals};
