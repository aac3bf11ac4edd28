//! What a machine sees: the same acts as the pages.
mod visits;

use utoipa::openapi::OpenApi;
use web::{ApiError, Gate};

type Answer = std::result::Result<axum::response::Response, ApiError>;

pub(crate) fn gate() -> Gate {
    visits::gate(Gate::api())
}

pub(crate) fn openapi() -> OpenApi {
    visits::openapi()
}
