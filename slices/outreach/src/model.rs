//! The nouns: visits and when they are due ([`visit`], [`due`], [`rate`]), what a phone takes along
//! ([`offline`]), consultations and activities. Pure.
pub mod activity;
pub mod consultation;
pub mod due;
pub mod offline;
pub mod rate;
pub mod visit;
