//! What a person sees, by subject.
mod door;
mod me;

use web::Gate;

pub(crate) fn gate() -> Gate {
    me::gate(door::gate(Gate::pages()))
}
