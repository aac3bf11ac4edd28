//! The stories of this slice, each on both engines.
mod activities;
mod offline;
mod opinions;
mod visits;
