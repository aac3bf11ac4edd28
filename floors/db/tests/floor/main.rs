//! The floor's promises, told on both engines. One program, so that one PostgreSQL server serves them all.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may fail where it stands"
)]

mod engine;
mod event;
mod model;
mod opening;
mod vault;
mod world;
