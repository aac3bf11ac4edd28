//! All the SQL of this floor.
pub(crate) mod attachment;
pub(crate) mod client;
pub(crate) mod consent;
pub(crate) mod file;
pub(crate) mod org;
pub(crate) mod people;
pub(crate) mod region;
pub(crate) mod site;
