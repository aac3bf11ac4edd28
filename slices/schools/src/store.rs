//! All the SQL of this slice, nothing else.
