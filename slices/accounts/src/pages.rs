//! What a person sees, by subject.
mod accounts;
pub(crate) mod audit;
mod door;
mod factor;
mod me;
pub(crate) mod search;

use web::Gate;

pub(crate) fn gate() -> Gate {
    search::gate(audit::gate(accounts::gate(me::gate(factor::gate(door::gate(Gate::pages()))))))
}
