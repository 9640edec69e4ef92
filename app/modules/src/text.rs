//! Comparing texts as Go does.

/// `strings.EqualFold`, as far as it can matter: the few foreign letters that fold to ASCII are in no address that parses, but two such
/// texts are found equal before either is parsed.
#[must_use]
pub fn equal_fold(a: &str, b: &str) -> bool {
    a.chars().map(fold).eq(b.chars().map(fold))
}

fn fold(letter: char) -> char {
    match letter {
        '\u{17f}' => 's',
        '\u{212a}' => 'k',
        _ => letter.to_lowercase().next().unwrap_or(letter),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_does_not_matter() {
        assert!(equal_fold("wasm1ABC", "WASM1abc") && equal_fold("\u{212a}", "k"));
        assert!(!equal_fold("abc", "abd") && !equal_fold("abc", "ab"));
    }
}
