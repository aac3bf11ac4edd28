//! A second judge, naive on purpose: plain loops over the rows, written from the measure catalogue and not from the engine.
//!
//! Reading order: [`value`] is what a measure answers; [`people`], [`places`], [`works`] and [`money`] are the measures;
//! [`measure`] finds one by name; [`pack`] reads the rules; [`verdict`] judges; [`dice`], [`random`] and
//! [`random_facts`] invent districts.
pub(crate) mod dice;
pub(crate) mod measure;
pub(crate) mod money;
pub(crate) mod names;
pub(crate) mod owners;
pub(crate) mod pack;
pub(crate) mod people;
pub(crate) mod places;
pub(crate) mod random;
pub(crate) mod random_facts;
pub(crate) mod value;
pub(crate) mod verdict;
pub(crate) mod works;
