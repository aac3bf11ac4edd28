//! The binary's inside: the list of slices, the start, the commands. A library so that tests and benchmarks start what users start.
pub mod boot;
pub mod commands;
pub mod keys;
pub mod slices;
