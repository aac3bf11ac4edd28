//! The nouns: visits and when they are due ([`visit`], [`due`], [`rate`]), what a phone takes along ([`offline`]). Pure.
pub mod due;
pub mod offline;
pub mod rate;
pub mod visit;
