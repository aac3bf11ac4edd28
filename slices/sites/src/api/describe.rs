//! The description of this slice's endpoints, made from the enrolment and the registers' fields, so it cannot lag behind them.
use serde_json::{Map, Value as Json, json};
use utoipa::openapi::OpenApi;
use web::register::{Kind, Register};

/// The description of every enrolled endpoint.
pub(crate) fn openapi() -> OpenApi {
    let mut paths = Map::new();
    for e in super::gate().enrolled() {
        let path = paths.entry(e.path).or_insert_with(|| json!({}));
        if let Json::Object(methods) = path {
            methods.insert(e.method.to_lowercase(), operation(e.method, e.path, e.capability));
        }
    }
    let schemas: Map<String, Json> =
        crate::registers::registers().into_iter().map(|r| (r.name.to_owned(), schema(r))).collect();
    let whole = json!({
        "openapi": "3.1.0",
        "info": { "title": "sites", "version": "1" },
        "paths": paths,
        "components": { "schemas": schemas },
    });
    serde_json::from_value(whole).unwrap_or_default()
}

fn operation(method: &str, path: &str, capability: &str) -> Json {
    let names = path.split(['{', '}']).skip(1).step_by(2);
    let parameters: Vec<Json> = names
        .map(|n| json!({ "name": n, "in": "path", "required": true, "schema": { "type": "string" } }))
        .collect();
    let id = path.trim_start_matches("/api/v1/").replace(['/', '{', '}'], "_");
    let ok = match method {
        "POST" => "201",
        "DELETE" => "204",
        _ => "200",
    };
    let mut out = json!({
        "tags": ["sites"],
        "operationId": format!("{}_{id}", method.to_lowercase()),
        "summary": format!("Takes the capability `{capability}`."),
        "parameters": parameters,
        "responses": { ok: { "description": "Done." }, "4XX": { "description": "A problem (RFC 9457)." } },
    });
    if matches!(method, "POST" | "PUT")
        && let Json::Object(o) = &mut out
    {
        let body = match path {
            "/api/v1/people" => json!({ "$ref": "#/components/schemas/people" }),
            "/api/v1/orgs" => json!({ "$ref": "#/components/schemas/orgs" }),
            _ => json!({ "type": "object" }),
        };
        o.insert(
            "requestBody".into(),
            json!({ "content": { "application/json": { "schema": body } } }),
        );
    }
    out
}

fn schema(register: &Register) -> Json {
    let properties: Map<String, Json> = register
        .fields
        .iter()
        .map(|f| {
            let shape = match f.kind {
                Kind::Text(most) | Kind::Long(most) => {
                    json!({ "type": "string", "maxLength": most })
                }
                Kind::Day => json!({ "type": "string", "format": "date" }),
                Kind::Whole(least, most) => {
                    json!({ "type": "integer", "minimum": least, "maximum": most })
                }
                Kind::Flag => json!({ "type": "boolean" }),
                Kind::Choice(words) => json!({ "type": "string", "enum": words }),
                Kind::Many(words) => {
                    json!({ "type": "array", "items": { "type": "string", "enum": words } })
                }
                _ => json!({ "type": "string" }),
            };
            (f.name.to_owned(), shape)
        })
        .collect();
    let required: Vec<&str> =
        register.fields.iter().filter(|f| f.required).map(|f| f.name).collect();
    json!({ "type": "object", "properties": properties, "required": required })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_endpoint_and_register_is_described() {
        let said = openapi();
        for e in super::super::gate().enrolled() {
            assert!(said.paths.paths.contains_key(e.path), "{}", e.path);
        }
        assert_eq!(said.components.unwrap().schemas.len(), crate::registers::registers().len());
    }
}
