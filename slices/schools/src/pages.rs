//! What a person sees: the schools with coverage, one school, the forms of an agreement and of a service.
mod placing;
mod serving;
mod show;

use axum::response::Response;
use web::{Gate, PageError};

type Page = std::result::Result<Response, PageError>;

pub(crate) fn gate() -> Gate {
    Gate::pages()
        .get("/schools", "schools.read", show::list)
        .get("/schools/{id}", "schools.read", show::school)
        .get("/schools/{id}/placements/new", "schools.write", placing::blank)
        .post("/schools/{id}/placements/new", "schools.write", placing::place)
        .get("/schools/placements/{id}", "schools.read", show::placement)
        .get("/schools/placements/{id}/ending", "schools.write", placing::ending)
        .post("/schools/placements/{id}/ending", "schools.write", placing::end)
        .get("/schools/placements/{id}/services/new", "schools.serve", serving::blank)
        .post("/schools/placements/{id}/services/new", "schools.serve", serving::serve)
        .get("/schools/services/{id}", "schools.serve", serving::edit)
        .post("/schools/services/{id}", "schools.serve", serving::correct)
        .post("/schools/services/{id}/withdrawal", "schools.serve", serving::withdraw)
}
