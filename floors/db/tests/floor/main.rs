//! The floor's promises, told on both engines. One program, so that one PostgreSQL server serves them all.
mod engine;
mod event;
mod model;
mod opening;
mod world;
