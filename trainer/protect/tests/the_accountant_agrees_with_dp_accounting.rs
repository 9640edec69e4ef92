//! The accountant beside Google's dp-accounting, on the vectors that `tests/oracle/accountant.py` wrote.

#![allow(clippy::unwrap_used)]

use iz_protect::{
    Rational,
    accountant::{Event, Mechanism, epsilon, renyi},
};
use serde_json::Value;

fn vectors() -> Value {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../vectors/accountant.json");
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn rational(value: &Value) -> Rational {
    value.as_str().map_or_else(|| value.to_string().parse().unwrap(), |text| text.parse().unwrap())
}

fn gaussian(entry: &Value) -> Event {
    let mechanism = Mechanism::Gaussian {
        noise_multiplier: rational(&entry["noise_multiplier"]),
        sampling: rational(&entry["sampling"]),
    };
    Event { mechanism, count: entry["count"].as_u64().unwrap() }
}

/// Within 0.1% above and never below what dp-accounting says: on its usual grid or, where that grid is itself off by more than 0.1%, on
/// a finer one; or, where it is known, the exact value.
fn compare(entry: &Value, found: f64) {
    let usual = entry["epsilon"].as_f64().unwrap();
    let oracle = entry["fine"].as_f64().filter(|fine| usual > fine * 1.001).unwrap_or(usual);
    let floor = entry["exact"].as_f64().unwrap_or(oracle);
    assert!(found >= floor, "{entry}: {found} is below {floor}");
    assert!(found <= oracle.max(floor) * 1.001, "{entry}: {found} is more than 0.1% above {oracle}");
}

#[test]
fn the_golden_values_are_met_within_a_thousandth_and_never_undercut() {
    for (noise_multiplier, count, golden) in
        [("1.3", 3_750, 0.8336), ("1.1", 15_000, 2.2955), ("0.7", 11_250, 5.4312)]
    {
        let mechanism = Mechanism::Gaussian {
            noise_multiplier: noise_multiplier.parse().unwrap(),
            sampling: "0.004".parse().unwrap(),
        };
        let found = epsilon(&[Event { mechanism, count }], "1e-5".parse().unwrap()).unwrap();
        assert!((golden..golden * 1.001).contains(&found), "{noise_multiplier}: {found}");
    }
}

#[test]
fn subsampled_gaussians_agree() {
    for entry in vectors()["gaussian"].as_array().unwrap() {
        compare(entry, epsilon(&[gaussian(entry)], rational(&entry["delta"])).unwrap());
    }
}

#[test]
fn discrete_gaussians_agree() {
    for entry in vectors()["discrete"].as_array().unwrap() {
        let mechanism = Mechanism::DiscreteGaussian {
            variance: rational(&entry["variance"]),
            sensitivity: u32::try_from(entry["sensitivity"].as_u64().unwrap()).unwrap(),
            sampling: rational(&entry["sampling"]),
        };
        let found = epsilon(
            &[Event { mechanism, count: entry["count"].as_u64().unwrap() }],
            rational(&entry["delta"]),
        )
        .unwrap();
        compare(entry, found);
    }
}

#[test]
fn different_mechanisms_compose() {
    for entry in vectors()["mixed"].as_array().unwrap() {
        let events: Vec<Event> = entry["parts"].as_array().unwrap().iter().map(gaussian).collect();
        compare(entry, epsilon(&events, rational(&entry["delta"])).unwrap());
    }
}

#[test]
fn renyi_accounting_agrees() {
    for entry in vectors()["gaussian"].as_array().unwrap() {
        let found = renyi::epsilon(&[gaussian(entry)], rational(&entry["delta"])).unwrap();
        let oracle = entry["renyi"].as_f64().unwrap();
        assert!((found / oracle - 1.0).abs() < 1e-6, "{entry}: {found} {oracle}");
    }
}
