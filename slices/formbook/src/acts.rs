//! Verbs: check the right, load, decide, keep with the event.
