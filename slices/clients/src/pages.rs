//! What a person sees: template structs and thin handlers.
