//! All the SQL of this slice.
pub(crate) mod due;
pub(crate) mod offline;
pub(crate) mod visit;
