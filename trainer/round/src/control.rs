//! Control variates (SCAFFOLD, Karimireddy and others 2020): how the gradients of one device differ from everybody's, so that a local step
//! goes where all data would take it. A device that holds two of ten classes otherwise learns above all that there are no others.
//!
//! A variate is the sum of the gradients of a local step. With the server's `c` and a client's own `o`, `(c − o) / steps` is added to each
//! gradient; the client ends `update = −rate · (gradients + c − o)` away, so its own variate moves by `gradients − o = −c − update / rate`,
//! and the server's by the mean of that over the clients of the round: from the mean update, which is known. Nothing is sent for it, and what
//! clients of different sizes count is not their number of steps. Where a round sends some values only, both move there only.

use crate::{subset::Selection, weights::Weights};

/// What is added to each gradient of a local step.
#[must_use]
pub fn correction(server: &Weights, own: &Weights, steps: u64) -> Vec<f32> {
    let steps = steps.max(1) as f64;
    let pairs = server.values.iter().zip(&own.values);
    pairs.map(|(server, own)| ((f64::from(*server) - f64::from(*own)) / steps) as f32).collect()
}

/// Moves a client's own variate by its update.
pub fn move_own(own: &mut [f32], server: &[f32], update: &[f32], rate: f32, sent: &Selection) {
    let updates = |place: usize| update.get(place).map_or(0.0, |value| f64::from(*value));
    advance(own, |_, place| server.get(place).copied().unwrap_or(0.0), updates, rate, 1.0, sent);
}

/// Moves the server's by the mean update of a part of all clients.
pub fn move_server(server: &mut [f32], update: &[f64], rate: f32, part: f64, sent: &Selection) {
    let updates = |place: usize| update.get(place).copied().unwrap_or(0.0);
    advance(server, |own, _| own, updates, rate, part, sent);
}

fn advance(
    kept: &mut [f32],
    server: impl Fn(f32, usize) -> f32,
    update: impl Fn(usize) -> f64,
    rate: f32,
    part: f64,
    sent: &Selection,
) {
    for (place, pace) in sent.places() {
        if let Some(value) = kept.get_mut(place) {
            let rate = f64::from(rate) * f64::from(pace);
            let change = -f64::from(server(*value, place)) - update(place) / rate;
            *value = (f64::from(*value) + part * change) as f32;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        subset::Subset,
        weights::{Layout, TensorShape},
    };
    use iz_rounds_machine::Digest;

    const RATE: f32 = 0.05;
    const STEPS: u64 = 10;

    /// Clients whose losses are bowls: of other depths, and with other bottoms.
    struct Bowl {
        depth: Vec<f32>,
        bottom: Vec<f32>,
        own: Weights,
    }

    impl Bowl {
        fn update(&self, global: &[f32], server: &Weights, sent: &Selection) -> Vec<f32> {
            let correction = correction(server, &self.own, STEPS);
            let mut local = global.to_vec();
            for _ in 0..STEPS {
                for (place, pace) in sent.places() {
                    let gradient = self.depth[place] * (local[place] - self.bottom[place]);
                    local[place] -= RATE * pace as f32 * (gradient + correction[place]);
                }
            }
            local.iter().zip(global).map(|(local, global)| local - global).collect()
        }
    }

    /// Five clients, two a round, for so many rounds; how far from the bottom of the sum of all bowls it ends, and how far from the mean of
    /// the clients' variates the server's is.
    fn rounds(corrected: bool, part: u32, pace: u32, count: u64) -> (f32, f32) {
        let layout = Layout::new([TensorShape { name: "t".into(), shape: vec![2, 4] }]).unwrap();
        let mut server = Weights::zeros(&layout).unwrap();
        let mut clients: Vec<Bowl> = (0..5)
            .map(|client| Bowl {
                depth: (0..8).map(|place| 0.2 + ((client * 3 + place) % 5) as f32).collect(),
                bottom: (0..8).map(|place| ((client * 7 + place * 2) % 9) as f32 - 4.0).collect(),
                own: server.clone(),
            })
            .collect();
        let mut global = vec![0f32; 8];
        for round in 0..count {
            let sent =
                Subset { part, above: 0, pace }.draw(&layout, Digest::of("test", &[&round.to_be_bytes()]));
            let chosen = [(round * 2 % 5) as usize, ((round * 2 + 1) % 5) as usize];
            let updates = chosen.map(|client| clients[client].update(&global, &server, &sent));
            if corrected {
                for (client, update) in chosen.into_iter().zip(&updates) {
                    move_own(&mut clients[client].own.values, &server.values, update, RATE, &sent);
                }
            }
            let mean: Vec<f64> = (0..8)
                .map(|place| (f64::from(updates[0][place]) + f64::from(updates[1][place])) / 2.0)
                .collect();
            if corrected {
                move_server(&mut server.values, &mean, RATE, 0.4, &sent);
            }
            global.iter_mut().zip(&mean).for_each(|(value, mean)| *value += *mean as f32);
        }
        let far = (0..8).map(|place| {
            let depth: f32 = clients.iter().map(|client| client.depth[place]).sum();
            let bottom: f32 =
                clients.iter().map(|client| client.depth[place] * client.bottom[place]).sum::<f32>() / depth;
            (global[place] - bottom).abs()
        });
        let apart = (0..8).map(|place| {
            let mean = clients.iter().map(|client| client.own.values[place]).sum::<f32>() / 5.0;
            (server.values[place] - mean).abs()
        });
        (far.fold(0.0, f32::max), apart.fold(0.0, f32::max))
    }

    #[test]
    fn corrected_clients_find_the_bottom_of_all_and_uncorrected_ones_do_not() {
        let (far, apart) = rounds(true, 1, 1, 2_000);
        assert!(far < 1e-3 && apart < 1e-3, "{far} {apart}");
        let (far, _) = rounds(false, 1, 1, 2_000);
        assert!(far > 0.1, "{far}");
    }

    #[test]
    fn so_they_do_where_a_round_sends_half_of_the_columns_at_whatever_pace() {
        for (pace, count) in [(1, 8_000), (2, 4_000)] {
            let (far, apart) = rounds(true, 2, pace, count);
            assert!(far < 1e-3 && apart < 1e-3, "{pace}: {far} {apart}");
        }
    }

    #[test]
    fn values_that_are_not_sent_stay() {
        let layout = Layout::new([TensorShape { name: "t".into(), shape: vec![1, 8] }]).unwrap();
        let sent = Subset { part: 4, above: 0, pace: 1 }.draw(&layout, Digest([1; 32]));
        let (server, update) = ([1.0f32; 8], [0.5f32; 8]);
        let mut own = [3.0f32; 8];
        move_own(&mut own, &server, &update, 0.25, &sent);
        assert_eq!(own.iter().filter(|value| **value == 3.0 - 1.0 - 2.0).count(), 2);
        assert_eq!(own.iter().filter(|value| **value == 3.0).count(), 6);
        let mut control = server;
        move_server(&mut control, &update.map(f64::from), 0.25, 0.1, &sent);
        assert_eq!(control.iter().filter(|value| (**value - 0.7).abs() < 1e-6).count(), 2);
        assert_eq!(control.iter().filter(|value| **value == 1.0).count(), 6);
    }
}
