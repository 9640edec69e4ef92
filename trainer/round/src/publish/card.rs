//! The model card: what a person reads first, with the front matter that model hubs read.
//!
//! It is part of what is attested, so it says only what follows from the round. What evaluators found stands on chain, beside the
//! artefact, as their word.

use std::fmt::Write as _;

use super::manifest::GroupRecord;
use crate::{board::Place, encoding::Encoding, recipe::Recipe, robust::Rule, server::Server};

/// The card's text.
#[must_use]
pub fn card(
    recipe: &Recipe,
    place: &Place,
    round: u64,
    groups: &[GroupRecord],
    encoding: &Encoding,
) -> String {
    let clients: u32 = groups.iter().filter(|group| group.opened).map(|group| u32::from(group.clients)).sum();
    let lost = groups.iter().filter(|group| !group.opened).count();
    let rule = match recipe.combine {
        Rule::Trusted => "the mean of the groups, each by what is known of its clients".to_string(),
        Rule::Mean => "the mean of all clients".to_string(),
        Rule::Median => "the median of the groups, value by value".to_string(),
        Rule::Trimmed { part } => {
            format!("the mean of the groups without {part} at either end, value by value")
        }
        Rule::MultiKrum { faulty } => format!("multi-Krum against {faulty} false groups"),
        Rule::CentredClipping { iterations } => format!("centred clipping, {iterations} times"),
    };
    let server = match recipe.server {
        Server::Average { rate } => format!("FedAvg at rate {rate}"),
        Server::Adam { rate, .. } => format!("FedAdam at rate {rate}"),
    };
    let mut text = String::new();
    // writing to a string does not fail
    let _ = write!(
        text,
        "---\nlicense: \"{license}\"\nmodel_name: \"{model}\"\nlibrary_name: infinitezero\ntags:\n- federated-learning\n\
         - secure-aggregation\n{private}---\n\n# {model}\n\nTrained in round {round} of {contract} on {chain}, from data that never left \
         its devices.\n\n- Clients in the sum: {clients}, in {groups} groups",
        license = recipe.license,
        model = recipe.model,
        private = if encoding.variance().is_some() { "- differential-privacy\n" } else { "" },
        contract = place.contract,
        chain = place.chain,
        groups = groups.len() - lost,
    );
    if lost > 0 {
        let _ = write!(text, "; {lost} more could not be opened");
    }
    let _ = write!(
        text,
        "\n- Local step: {} epochs, batches of {}, rate {}\n- Update: norm at most {}, {} integers per unit, masked; only sums of \
         groups were ever visible\n- Combined by {rule}; then {server}\n",
        recipe.step.epochs,
        recipe.step.batch,
        recipe.step.learning_rate,
        recipe.protection.clip,
        recipe.protection.scale,
    );
    if let Some(largest) = recipe.protection.largest {
        let _ = writeln!(text, "- Single values: at most {largest}, what was beyond was cut");
    }
    if recipe.step.calibration > 0.0 {
        let _ = writeln!(
            text,
            "- Scores in training: moved by {} times the logarithm of each class's share on the device",
            recipe.step.calibration
        );
    }
    if let Some(subset) = recipe.protection.subset {
        let _ = writeln!(
            text,
            "- Sent in a round: one of {} columns of each tensor of more than {} values, drawn by the round, the same for all clients; steps on them \
             {} times as long",
            subset.part, subset.above, subset.pace
        );
    }
    match encoding.variance() {
        Some(variance) => {
            let _ = writeln!(
                text,
                "- Privacy of a client: discrete Gaussian noise of variance {variance} in each group's sum, if at least {} of its \
                 clients added their share; each client's own ledger counts what rounds cost together",
                encoding.honest()
            );
        }
        None => text.push_str("- Privacy of a client: none beyond the sum; no noise was added\n"),
    }
    text.push_str(
        "\nAccuracy, robustness and fairness on held-out data are stated on chain by the round's evaluators. What this model should \
         not be used for is for whoever set the task to say.\n",
    );
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recipe::tests::recipe;

    #[test]
    fn the_front_matter_comes_first_and_the_rest_says_what_was_done() {
        let place = Place { chain: "iz-1".into(), contract: "iz1rounds".into() };
        let encoding = Encoding::new(&recipe().protection, 10).unwrap();
        let groups = [GroupRecord { clients: 3, opened: true }, GroupRecord { clients: 2, opened: false }];
        let text = card(&recipe(), &place, 9, &groups, &encoding);
        assert!(text.starts_with("---\nlicense: \"CC0-1.0\"\nmodel_name: \"digits\"\n"));
        assert_eq!(text.matches("---\n").count(), 2);
        for part in ["round 9 of iz1rounds on iz-1", "3, in 1 groups; 1 more", "variance 100", "FedAvg"] {
            assert!(text.contains(part), "{part}\n{text}");
        }
        assert!(!text.contains("Single values") && !text.contains("Sent in a round"));
        let mut plain = recipe();
        plain.protection.noise = None;
        plain.protection.largest = Some("1/4".parse().unwrap());
        plain.protection.subset = Some(crate::Subset { part: 8, above: 1000, pace: 8 });
        let encoding = Encoding::new(&plain.protection, 10).unwrap();
        let text = card(&plain, &place, 9, &groups, &encoding);
        for part in [
            "no noise was added",
            "at most 1/4, what",
            "one of 8 columns of each tensor of more than 1000",
            "8 times as long",
        ] {
            assert!(text.contains(part), "{part}\n{text}");
        }
    }
}
