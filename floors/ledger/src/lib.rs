//! The service ledger: one row per service delivered — who for whom, where, when, how long, of which kind, for which project and need.
//!
//! A slice that records a visit, a session, a contact calls [`record`] in the same transaction; nobody types a service twice. Hours,
//! persons (人数) and person-times (人次), case files, project outputs and measures read from here. Persons are distinct, person-times are
//! attendances; both are always told, never mixed. What streets push on workers beside the services is [`OtherTime`] (M31, clause 4B.1-7):
//! it is logged and reported, and never a service.
//!
//! Reading order: [`service`] the rows, [`acts`] how they are written, `report` what is read from them.
pub mod acts;
pub mod report;
pub mod service;

mod store;

pub use acts::{amend, record, withdraw};
pub use service::{NewService, OtherKind, OtherTime, Service, ServiceKind};

use db::Migration;

/// This floor's tables.
pub const MIGRATIONS: &[Migration] =
    &[db::migration!(25, "0025_ledger"), db::migration!(26, "0026_ledger_kinds")];
/// This floor's sentences.
pub const LOCALES: locale::Texts = locale::texts!();
