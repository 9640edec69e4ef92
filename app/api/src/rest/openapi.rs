//! The OpenAPI description of the routes, and a page that lists them.

use iz_proto::schema::{Kind, schema};
use serde_json::{Value, json};

use super::routes::{Route, Routes};

/// The description, as JSON.
pub(super) fn describe(routes: &Routes) -> String {
    let mut paths = serde_json::Map::new();
    for route in routes.iter() {
        let path = paths.entry(route.template.replace("=**}", "}")).or_insert_with(|| json!({}));
        path[route.verb.as_str().to_ascii_lowercase()] = operation(route);
    }
    json!({
        "openapi": "3.0.3",
        "info": {"title": "InfiniteZero", "version": env!("CARGO_PKG_VERSION")},
        "paths": paths,
    })
    .to_string()
}

fn operation(route: &Route) -> Value {
    let variables: Vec<&str> = route.variables().collect();
    let mut parameters: Vec<Value> = variables
        .iter()
        .map(|name| json!({"name": name, "in": "path", "required": true, "schema": {"type": "string"}}))
        .collect();
    if !route.has_body {
        for field in &schema().message(route.input_id).fields {
            if variables.contains(&field.name.as_str()) {
                continue;
            }
            match field.kind {
                Kind::Message(id) if !field.repeated => {
                    for inner in &schema().message(id).fields {
                        parameters.push(query_parameter(&format!("{}.{}", field.name, inner.name)));
                    }
                }
                _ => parameters.push(query_parameter(&field.name)),
            }
        }
    }
    let (service, method) = route.method_path.trim_start_matches('/').split_once('/').unwrap_or_default();
    let mut operation = json!({
        "tags": [service],
        "operationId": format!("{service}.{method}"),
        "parameters": parameters,
        "responses": {"200": {"description": route.output, "content": {"application/json": {"schema": {"type": "object"}}}}},
    });
    if route.has_body {
        operation["requestBody"] = json!({"description": route.input, "content": {"application/json": {"schema": {"type": "object"}}}});
    }
    operation
}

fn query_parameter(name: &str) -> Value {
    json!({"name": name, "in": "query", "required": false, "schema": {"type": "string"}})
}

/// The page; it needs nothing from elsewhere.
pub(super) fn page(routes: &Routes) -> String {
    let mut rows = String::new();
    for route in routes.iter() {
        let link = if route.variables().next().is_none() && route.verb.as_str() == "GET" {
            format!("<a href=\"{0}\">{0}</a>", route.template)
        } else {
            route.template.clone()
        };
        rows.push_str(&format!(
            "<tr><td>{}</td><td><code>{link}</code></td><td>{}</td></tr>\n",
            route.verb,
            route.method_path.trim_start_matches('/')
        ));
    }
    format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>InfiniteZero API</title>\
         <style>body{{font-family:sans-serif;margin:2em}}td{{padding:.2em 1em .2em 0}}</style></head><body>\
         <h1>InfiniteZero API</h1><p><a href=\"/swagger/openapi.json\">openapi.json</a></p>\
         <table>\n{rows}</table></body></html>"
    )
}
