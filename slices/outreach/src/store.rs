//! All the SQL of this slice.
pub(crate) mod activity;
pub(crate) mod consultation;
pub(crate) mod due;
pub(crate) mod offline;
pub(crate) mod visit;
