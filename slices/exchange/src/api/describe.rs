//! The API's description.
use utoipa::OpenApi;

/// This slice's part.
#[derive(OpenApi)]
#[openapi(paths(
    super::list,
    super::create,
    super::check,
    super::commit,
    super::batch,
    super::undo,
    super::template,
    super::export,
    super::regions,
    super::load
))]
struct Described;

/// This slice's part of the API description.
pub(crate) fn openapi() -> utoipa::openapi::OpenApi {
    Described::openapi()
}
