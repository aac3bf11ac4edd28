//! The verbs: load regions, run an import, commit it, undo it, export.
pub mod commit;
pub mod export;
pub mod import;
pub mod regions;
pub mod undo;
