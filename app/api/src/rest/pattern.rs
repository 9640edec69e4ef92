//! Path templates: `/cosmos/bank/v1beta1/supply/{denom=**}`.

/// A template, part by part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pattern {
    parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Literal(String),
    /// One part of the path.
    One(String),
    /// The rest of the path.
    Rest(String),
}

impl Pattern {
    pub fn parse(template: &str) -> Self {
        let mut parts = Vec::new();
        for part in template.trim_start_matches('/').split('/') {
            let variable = part.strip_prefix('{').and_then(|part| part.strip_suffix('}'));
            parts.push(match variable.map(|variable| variable.split_once('=').unwrap_or((variable, "*"))) {
                None => Part::Literal(part.to_owned()),
                Some((name, "**")) => Part::Rest(name.to_owned()),
                Some((name, _)) => Part::One(name.to_owned()),
            });
        }
        Self { parts }
    }

    /// The names and values of the variables, when the path fits.
    pub fn matches(&self, path: &[&str]) -> Option<Vec<(String, String)>> {
        let mut values = Vec::new();
        let mut rest = path;
        for part in &self.parts {
            match part {
                Part::Rest(name) => {
                    values.push((name.clone(), rest.join("/")));
                    rest = &[];
                }
                Part::Literal(text) => {
                    let (first, after) = rest.split_first()?;
                    if first != text {
                        return None;
                    }
                    rest = after;
                }
                Part::One(name) => {
                    let (first, after) = rest.split_first()?;
                    values.push((name.clone(), (*first).to_owned()));
                    rest = after;
                }
            }
        }
        rest.is_empty().then_some(values)
    }

    /// The names of the variables.
    pub fn variables(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter_map(|part| match part {
            Part::Literal(_) => None,
            Part::One(name) | Part::Rest(name) => Some(name.as_str()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(template: &str, path: &str) -> Option<Vec<(String, String)>> {
        Pattern::parse(template).matches(&path[1..].split('/').collect::<Vec<_>>())
    }

    #[test]
    fn variables_take_one_part_or_the_rest() {
        assert_eq!(find("/a/{b}/c", "/a/x/c"), Some(vec![("b".into(), "x".into())]));
        assert_eq!(find("/a/{b}/c", "/a/x/d"), None);
        assert_eq!(find("/a/{b}", "/a/x/y"), None);
        assert_eq!(find("/a/{b=**}", "/a/x/y"), Some(vec![("b".into(), "x/y".into())]));
        assert_eq!(find("/a/{b=**}", "/a"), Some(vec![("b".into(), String::new())]));
        assert_eq!(find("/a", "/a"), Some(vec![]));
        assert_eq!(find("/a", "/b"), None);
    }
}
