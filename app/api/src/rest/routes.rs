//! The routes, read from the HTTP rules of the descriptors.

use axum::http::Method;
use iz_proto::descriptors;
use iz_proto::schema::{MessageId, schema};
use prost_reflect::{DynamicMessage, ExtensionDescriptor, MethodDescriptor, Value};

use super::pattern::Pattern;

/// Methods with a rule for which wasmd registers no route.
const NOT_ROUTED: &[&str] =
    &["cosmos.app.", "cosmos.base.reflection.", "cosmos.params.", "ibc.core.client.v2."];

/// One HTTP method and path, and the gRPC method it leads to.
#[derive(Debug)]
pub(crate) struct Route {
    pub verb: Method,
    pub template: String,
    pattern: Pattern,
    /// `/cosmos.bank.v1beta1.Query/Balance`
    pub method_path: String,
    pub input: String,
    pub input_id: MessageId,
    pub output: String,
    /// The request is the body.
    pub has_body: bool,
}

/// All routes, in the order of the services and their methods: the first that fits answers.
#[derive(Debug)]
pub(crate) struct Routes {
    routes: Vec<Route>,
}

/// A route and the values of its path's variables.
pub(crate) struct Found<'a> {
    pub route: &'a Route,
    pub values: Vec<(String, String)>,
}

impl Routes {
    pub fn new() -> Self {
        let mut routes = Vec::new();
        let Some(extension) = descriptors().get_extension_by_name("google.api.http") else {
            return Self { routes };
        };
        for service in descriptors().services() {
            if NOT_ROUTED.iter().any(|prefix| service.full_name().starts_with(prefix)) {
                continue;
            }
            for method in service.methods() {
                add(&mut routes, &method, &extension);
            }
        }
        Self { routes }
    }

    pub fn iter(&self) -> impl Iterator<Item = &Route> {
        self.routes.iter()
    }

    /// The route of a path whose escapes are resolved.
    pub fn find(&self, verb: &Method, path: &str) -> Option<Found<'_>> {
        let parts: Vec<&str> = path.strip_prefix('/')?.split('/').collect();
        // A part that begins with a colon would be a verb without a name.
        if parts.last().is_some_and(|part| part.starts_with(':')) {
            return None;
        }
        self.routes.iter().filter(|route| route.verb == *verb).find_map(|route| {
            let values = route.pattern.matches(&parts)?;
            Some(Found { route, values })
        })
    }
}

fn add(routes: &mut Vec<Route>, method: &MethodDescriptor, extension: &ExtensionDescriptor) {
    let options = method.options();
    if !options.has_extension(extension) {
        return;
    }
    let value = options.get_extension(extension);
    let Value::Message(rule) = value.as_ref() else { return };
    add_rule(routes, method, rule);
    let Some(additional) = rule.get_field_by_name("additional_bindings") else { return };
    for rule in additional.as_list().unwrap_or_default() {
        if let Value::Message(rule) = rule {
            add_rule(routes, method, rule);
        }
    }
}

fn add_rule(routes: &mut Vec<Route>, method: &MethodDescriptor, rule: &DynamicMessage) {
    let text = |name: &str| rule.get_field_by_name(name).and_then(|value| value.as_str().map(str::to_owned));
    let verbs = [
        ("get", Method::GET),
        ("post", Method::POST),
        ("put", Method::PUT),
        ("delete", Method::DELETE),
        ("patch", Method::PATCH),
    ];
    for (name, verb) in verbs {
        if !rule.has_field_by_name(name) {
            continue;
        }
        let Some(template) = text(name) else { continue };
        let input = method.input().full_name().to_owned();
        let Some(input_id) = schema().find(&input) else { continue };
        routes.push(Route {
            verb,
            pattern: Pattern::parse(&template),
            template,
            method_path: format!("/{}/{}", method.parent_service().full_name(), method.name()),
            input,
            input_id,
            output: method.output().full_name().to_owned(),
            has_body: text("body").is_some_and(|body| body == "*"),
        });
    }
}

impl Route {
    /// The names of the path's variables.
    pub fn variables(&self) -> impl Iterator<Item = &str> {
        self.pattern.variables()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// The routes of wasmd v0.61.14, as it registers them: gRPC method, HTTP method, path.
    const WASMD: &str = include_str!("../../tests/routes.tsv");

    #[test]
    fn the_routes_are_those_of_wasmd() {
        let expected: BTreeSet<String> = WASMD.lines().map(str::to_owned).collect();
        let routes = Routes::new();
        let found: BTreeSet<String> = routes
            .iter()
            .filter(|route| !route.method_path.starts_with("/infinitezero."))
            .map(|route| format!("{}\t{}\t{}", route.method_path, route.verb, route.template))
            .collect();
        let missing: Vec<_> = expected.difference(&found).collect();
        let surplus: Vec<_> = found.difference(&expected).collect();
        assert!(missing.is_empty() && surplus.is_empty(), "missing {missing:#?}\nsurplus {surplus:#?}");
    }

    #[test]
    fn every_route_leads_to_its_own_method() {
        let routes = Routes::new();
        for route in routes.iter() {
            // wasmd has two methods at one path; the first of them answers.
            if route.method_path == "/cosmos.auth.v1beta1.Query/AddressStringToBytes" {
                continue;
            }
            let path: Vec<&str> = route
                .template
                .split('/')
                .map(|part| if part.starts_with('{') { "x" } else { part })
                .collect();
            let found = routes.find(&route.verb, &path.join("/")).unwrap();
            assert_eq!(found.route.method_path, route.method_path, "{}", route.template);
        }
    }
}
