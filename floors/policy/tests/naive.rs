//! The engine and the naive judge must say the same of every district.
#[path = "naive/mod.rs"]
mod naive;
