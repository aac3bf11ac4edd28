//! A second judge, naive on purpose: plain loops over the rows, written from the measure catalogue and not from the engine.
//!
//! Reading order: [`value`] is what a measure answers; [`people`], [`places`], [`works`] and [`money`] are the measures;
//! [`measure`] finds one by name; [`pack`] reads the rules; [`verdict`] judges; [`dice`], [`random`] and
//! [`random_facts`] invent districts.
pub mod dice;
pub mod measure;
pub mod money;
pub mod names;
pub mod pack;
pub mod people;
pub mod places;
pub mod random;
pub mod random_facts;
pub mod value;
pub mod verdict;
pub mod works;
