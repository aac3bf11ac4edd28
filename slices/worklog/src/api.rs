//! What a machine sees: wire structs and thin handlers.
