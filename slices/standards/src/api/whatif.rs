//! What-if questions for machines.
use std::collections::BTreeMap;

use axum::response::Response;
use kernel::Refusal;
use utoipa::OpenApi;
use web::{ApiError, Gate, Req, api};

use super::FlipOut;
use crate::live::gravity;
use crate::whatif::{self, Step};

pub(super) fn gate(gate: Gate) -> Gate {
    gate.post("/api/v1/what-if", "whatif.run", ask)
}

#[derive(OpenApi)]
#[openapi(paths(ask))]
struct Doc;
pub(super) fn openapi() -> utoipa::openapi::OpenApi {
    Doc::openapi()
}

#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct WhatIfIn {
    /// Taken one after another, all today; at most 100.
    steps: Vec<StepIn>,
}

/// One step over a register such as `posts`, `rooms` or `qualifications`.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(tag = "do", rename_all = "snake_case", deny_unknown_fields)]
enum StepIn {
    /// The record ends.
    End { register: String, id: String },
    /// The record ends here and begins anew at another site or person.
    Move { register: String, id: String, to: String },
    /// A record begins, with the fields an import would have.
    Add { register: String, parent: String, fields: BTreeMap<String, String> },
}
impl From<StepIn> for Step {
    fn from(s: StepIn) -> Self {
        match s {
            StepIn::End { register, id } => Self::End { register, id },
            StepIn::Move { register, id, to } => Self::Move { register, id, to },
            StepIn::Add { register, parent, fields } => {
                Self::Add { register, parent, input: fields }
            }
        }
    }
}

/// What would flip today.
#[derive(serde::Serialize, utoipa::ToSchema)]
struct WhatIfOut {
    better: usize,
    worse: usize,
    flips: Vec<FlipOut>,
}

const MOST_STEPS: usize = 100;

/// What would flip in the caller's scope if these steps were taken. Nothing is saved.
#[utoipa::path(post, path = "/api/v1/what-if", tag = "standards", request_body = WhatIfIn,
    responses((status = 200, body = WhatIfOut), (status = 404), (status = 422)))]
async fn ask(req: Req, api::Body(body): api::Body<WhatIfIn>) -> Result<Response, ApiError> {
    if body.steps.len() > MOST_STEPS {
        return Err(Refusal::at("steps", "standards.steps_many").with("n", MOST_STEPS).into());
    }
    let found = whatif::ask(&req, body.steps.into_iter().map(Step::from).collect()).await?;
    let better = found.iter().filter(|f| gravity(f.after) > gravity(f.before)).count();
    let worse = found.len() - better;
    api::ok(&WhatIfOut { better, worse, flips: found.into_iter().map(FlipOut::from).collect() })
}
