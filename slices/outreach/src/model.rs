//! The nouns: visits and when they are due ([`visit`], [`due`], [`rate`]). Pure.
pub mod due;
pub mod rate;
pub mod visit;
