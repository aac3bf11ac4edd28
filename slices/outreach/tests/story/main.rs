//! The stories of this slice, each on both engines.
mod offline;
mod visits;
