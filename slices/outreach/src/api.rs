//! What a machine sees: the same acts as the pages.
mod activities;
mod consultations;
mod offline;
mod visits;

use utoipa::openapi::OpenApi;
use web::{ApiError, Gate};

type Answer = std::result::Result<axum::response::Response, ApiError>;

pub(crate) fn gate() -> Gate {
    [visits::gate, offline::gate, consultations::gate, activities::gate]
        .iter()
        .fold(Gate::api(), |gate, more| more(gate))
}

pub(crate) fn openapi() -> OpenApi {
    let mut all = visits::openapi();
    for more in [offline::openapi(), consultations::openapi(), activities::openapi()] {
        all.merge(more);
    }
    all
}
