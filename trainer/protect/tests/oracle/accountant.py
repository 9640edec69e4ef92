#!/usr/bin/env python3
"""Writes trainer/vectors/accountant.json: what Google's dp-accounting says, for the accountant to be compared with.

usage: pip install dp-accounting==0.6.0 && accountant.py > trainer/vectors/accountant.json
"""
import json
import math
import sys

from dp_accounting import GaussianDpEvent, PoissonSampledDpEvent, SelfComposedDpEvent, NeighboringRelation
from dp_accounting.pld import privacy_loss_distribution as pld
from dp_accounting.rdp import RdpAccountant
from scipy import optimize, stats

# dp-accounting's own grid, and finer ones for those runs where that is off by more than a thousandth.
INTERVAL = 1e-4
FINE = {"0.8": 2e-5, "1": 2e-5, "2": 2e-6, "5": 2e-6}


def exact_gaussian(sigma, delta):
    """The exact epsilon of one unsampled Gaussian (Balle and Wang 2018)."""
    def excess(epsilon):
        a, b = 0.5 / sigma, epsilon * sigma
        return stats.norm.cdf(a - b) - math.exp(epsilon) * stats.norm.cdf(-a - b) - delta
    return optimize.brentq(excess, 0, 500, xtol=1e-13)


def gaussian(noise, sampling, count, delta):
    one = pld.from_gaussian_mechanism(float(noise), sampling_prob=float(sampling), value_discretization_interval=INTERVAL)
    entry = {"noise_multiplier": noise, "sampling": sampling, "count": count, "delta": delta,
             "epsilon": one.self_compose(count).get_epsilon_for_delta(float(delta))}
    if sampling in ("0.001", "0.01") and noise in FINE:
        fine = pld.from_gaussian_mechanism(float(noise), sampling_prob=float(sampling), value_discretization_interval=FINE[noise])
        entry["fine"] = fine.self_compose(count).get_epsilon_for_delta(float(delta))
    if sampling == "1":
        entry["exact"] = exact_gaussian(float(noise) / math.sqrt(count), float(delta))
    accountant = RdpAccountant(list(range(2, 257)), NeighboringRelation.ADD_OR_REMOVE_ONE)
    accountant.compose(SelfComposedDpEvent(PoissonSampledDpEvent(float(sampling), GaussianDpEvent(float(noise))), count))
    entry["renyi"] = accountant.get_epsilon(float(delta))
    return entry


def discrete(sigma, sensitivity, sampling, count, delta):
    one = pld.from_discrete_gaussian_mechanism(sigma, sensitivity=sensitivity, sampling_prob=float(sampling),
                                               value_discretization_interval=INTERVAL, use_connect_dots=True)
    return {"variance": sigma * sigma, "sensitivity": sensitivity, "sampling": sampling, "count": count, "delta": delta,
            "epsilon": one.self_compose(count).get_epsilon_for_delta(float(delta))}


def mixed(parts, delta):
    whole = None
    for noise, sampling, count in parts:
        one = pld.from_gaussian_mechanism(float(noise), sampling_prob=float(sampling), value_discretization_interval=INTERVAL).self_compose(count)
        whole = one if whole is None else whole.compose(one)
    return {"parts": [{"noise_multiplier": n, "sampling": s, "count": c} for n, s, c in parts], "delta": delta,
            "epsilon": whole.get_epsilon_for_delta(float(delta))}


def main():
    vectors = {"dp-accounting": "0.6.0", "interval": INTERVAL, "gaussian": [], "discrete": [], "mixed": []}
    for noise, count in [("1.3", 3750), ("1.1", 15000), ("0.7", 11250)]:
        vectors["gaussian"].append(gaussian(noise, "0.004", count, "1e-5"))
    for noise in ["0.5", "0.8", "1", "2", "5"]:
        for sampling, count in [("0.001", 20000), ("0.01", 1000), ("0.1", 200), ("0.5", 20), ("1", 1), ("1", 16)]:
            for delta in ["1e-5", "1e-8"]:
                print(noise, sampling, count, delta, file=sys.stderr)
                vectors["gaussian"].append(gaussian(noise, sampling, count, delta))
    for sigma, sensitivity, sampling, count in [(1, 1, "1", 1), (3, 1, "1", 10), (10, 4, "1", 3), (8, 8, "0.01", 2000),
                                                (100, 50, "0.05", 100), (4, 6, "0.001", 5000), (40, 40, "1", 50)]:
        for delta in ["1e-5", "1e-8"]:
            vectors["discrete"].append(discrete(sigma, sensitivity, sampling, count, delta))
    vectors["mixed"].append(mixed([("1.3", "0.004", 3750), ("0.9", "0.01", 500)], "1e-5"))
    vectors["mixed"].append(mixed([("4", "1", 2), ("1", "0.02", 300), ("2", "0.5", 10)], "1e-6"))
    json.dump(vectors, sys.stdout, indent=1)
    print()


main()
