//! Makes the tables: what README.md says, farm by farm, from a seed.

use std::fmt::Write as _;

use rand_chacha::{
    ChaCha20Rng,
    rand_core::{RngCore, SeedableRng},
};

/// The schema that all farms share.
pub const SCHEMA: &str = include_str!("schema.json");
const VARIETIES: [&str; 3] = ["forastero", "trinitario", "criollo"];
/// Fortnights of a year.
const SEASON: f64 = 26.0;

/// What makes a farm different from others.
struct Farm {
    wet: f64,
    altitude: f64,
    shade: f64,
    pruning: f64,
    age: f64,
    mix: [f64; 2],
    pressure: f64,
}

/// One farm's table.
pub fn table(farm: u32, rows: u32, seed: u64) -> String {
    let draw = &mut Draw(ChaCha20Rng::seed_from_u64(seed.wrapping_mul(1_000_003) + u64::from(farm)));
    let habits = Farm {
        wet: (0.25 * draw.normal()).exp(),
        altitude: 100.0 + 600.0 * draw.uniform(),
        shade: 0.2 + 0.5 * draw.uniform(),
        pruning: 8.0 + 32.0 * draw.uniform(),
        age: 5.0 + 25.0 * draw.uniform(),
        mix: [0.3 + 0.5 * draw.uniform(), 0.2 * draw.uniform()],
        pressure: 0.5 * draw.normal(),
    };
    let mut text = String::from(
        "farm,rain_mm,humidity,temperature,shade,pruned_weeks,tree_age,variety,neighbour,black_pod\n",
    );
    for row in 0..rows {
        let cells = habits.plot(f64::from(row % 26), draw);
        let _ = writeln!(text, "farm-{farm:02},{cells}");
    }
    text
}

impl Farm {
    fn plot(&self, fortnight: f64, draw: &mut Draw) -> String {
        let season = 150.0 + 90.0 * (std::f64::consts::TAU * fortnight / SEASON).sin();
        // a gamma of shape 2 is the sum of two exponentials
        let rain = -0.5 * season * self.wet * (draw.uniform().ln() + draw.uniform().ln());
        let humidity =
            (62.0 + rain / 12.0 + (self.altitude - 400.0) / 100.0 + 5.0 * draw.normal()).clamp(30.0, 100.0);
        let temperature = 27.5 - self.altitude / 160.0 + 1.2 * draw.normal();
        let shade = (self.shade + 0.15 * draw.normal()).clamp(0.0, 1.0);
        let pruned = (self.pruning * draw.uniform() * 1.3).min(52.0);
        let age = (self.age + 4.0 * draw.normal()).clamp(1.0, 60.0);
        let variety = match draw.uniform() {
            share if share < self.mix[0] => 0,
            share if share < self.mix[0] + self.mix[1] => 2,
            _ => 1,
        };
        let ill = draw.uniform() < logistic(self.pressure - 0.6);
        let damp = (rain - 150.0) / 90.0
            + (humidity - 75.0) / 10.0
            + 0.5 * (rain - 150.0) / 90.0 * (humidity - 75.0) / 10.0;
        let law = -1.3 + 1.1 * damp - 0.5 * (temperature - 25.0)
            + 2.2 * (shade - 0.45)
            + 0.05 * (pruned - 15.0)
            + 1.6 * f64::from(u8::from(ill))
            + [0.0, -0.4, 0.8][variety]
            + self.pressure;
        let black_pod = draw.uniform() < logistic(law);
        let read = if draw.uniform() < 0.02 { 2.0 * rain } else { rain };
        let age = if draw.uniform() < 0.03 { String::new() } else { format!("{age:.0}") };
        let neighbour = match draw.uniform() {
            share if share < 0.1 => "unknown",
            _ if ill => "yes",
            _ => "no",
        };
        format!(
            "{:.0},{humidity:.0},{temperature:.1},{shade:.2},{pruned:.0},{age},{},{neighbour},{}",
            read.min(1_500.0),
            VARIETIES[variety],
            if black_pod { "yes" } else { "no" }
        )
    }
}

fn logistic(value: f64) -> f64 {
    1.0 / (1.0 + (-value).exp())
}

struct Draw(ChaCha20Rng);

impl Draw {
    /// Above zero and at most one.
    fn uniform(&mut self) -> f64 {
        ((self.0.next_u64() >> 11) + 1) as f64 / 2f64.powi(53)
    }

    fn normal(&mut self) -> f64 {
        (-2.0 * self.uniform().ln()).sqrt() * (std::f64::consts::TAU * self.uniform()).cos()
    }
}
