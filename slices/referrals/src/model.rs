//! Nouns and what they refuse. Pure.
