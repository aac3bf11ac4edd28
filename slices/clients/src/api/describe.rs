//! The description of this slice's endpoints, made from the enrolment and the wire structs, so it cannot lag behind them.
use serde_json::{Map, Value as Json, json};
use utoipa::openapi::OpenApi;
use utoipa::{OpenApi as _, ToSchema};

use super::around::{Asked, Backing, Relative};
use super::{
    Agreement, Arrival, Belongs, Correction, Deciding, Ending, Giving, Grading, Joining, Reason,
    Shown,
};

#[derive(utoipa::OpenApi)]
#[openapi(components(schemas(
    Agreement, Arrival, Asked, Backing, Belongs, Correction, Deciding, Ending, Giving, Grading,
    Joining, Reason, Relative, Shown
)))]
struct Schemas;

/// The description of every enrolled endpoint.
pub(crate) fn openapi() -> OpenApi {
    let mut paths = Map::new();
    for e in super::gate().enrolled() {
        let path = paths.entry(e.path).or_insert_with(|| json!({}));
        if let Json::Object(methods) = path {
            methods.insert(e.method.to_lowercase(), operation(e.method, e.path, e.capability));
        }
    }
    let whole = json!({ "openapi": "3.1.0", "info": { "title": "clients", "version": "1" }, "paths": paths });
    let mut out: OpenApi = serde_json::from_value(whole).unwrap_or_default();
    out.components = Schemas::openapi().components;
    out
}

/// The body an endpoint takes.
fn body(method: &str, path: &str) -> Option<String> {
    let name = match (method, path.rsplit('/').next().unwrap_or_default()) {
        ("POST", "clients") => Arrival::name(),
        ("PUT", _) => Correction::name(),
        ("POST", "assignments") => Giving::name(),
        ("POST", "categories") => Belongs::name(),
        ("POST", "risk") => Grading::name(),
        ("POST", "relations") => Relative::name(),
        ("POST", "supports") => Backing::name(),
        ("POST", "scales") => Asked::name(),
        ("POST", "consents") => Agreement::name(),
        ("POST", "withdrawal") => Reason::name(),
        ("POST", "ending") => Ending::name(),
        ("POST", "merge") => Joining::name(),
        ("POST", "{id}") => Deciding::name(),
        _ => return None,
    };
    Some(format!("#/components/schemas/{name}"))
}

fn operation(method: &str, path: &str, capability: &str) -> Json {
    let names = path.split(['{', '}']).skip(1).step_by(2);
    let parameters: Vec<Json> = names
        .map(|n| json!({ "name": n, "in": "path", "required": true, "schema": { "type": "string" } }))
        .collect();
    let id = path.trim_start_matches("/api/v1/").replace(['/', '{', '}', '-'], "_");
    let mut out = json!({
        "tags": ["clients"],
        "operationId": format!("{}_{id}", method.to_lowercase()),
        "summary": format!("Takes the capability `{capability}`; rows follow need to know."),
        "parameters": parameters,
        "responses": { "2XX": { "description": "Done." }, "4XX": { "description": "A problem (RFC 9457)." } },
    });
    if let (Some(schema), Json::Object(o)) = (body(method, path), &mut out) {
        o.insert(
            "requestBody".into(),
            json!({ "content": { "application/json": { "schema": { "$ref": schema } } } }),
        );
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_endpoint_is_described() {
        let said = openapi();
        for e in super::super::gate().enrolled() {
            assert!(said.paths.paths.contains_key(e.path), "{}", e.path);
        }
        assert_eq!(said.components.unwrap().schemas.len(), 14);
    }
}
