#!/usr/bin/env python3
"""Prints src/mask/gaussian_table.rs: tail probabilities of the discrete Gaussian that the masks are drawn from.

usage: pip install mpmath==1.4.1 && gaussian.py > trainer/protect/src/mask/gaussian_table.rs
"""
import mpmath

mpmath.mp.prec = 400
VARIANCE = mpmath.mpf(41) / 2
BITS = 127


def weight(x):
    return mpmath.exp(-mpmath.mpf(x) ** 2 / (2 * VARIANCE))


norm = weight(0) + 2 * sum(weight(x) for x in range(1, 400))
table = []
for magnitude in range(1, 400):
    tail = int(mpmath.floor(2 * sum(weight(x) for x in range(magnitude, 400)) / norm * 2**BITS))
    if tail == 0:
        break
    table.append(tail)
print("//! Made by tests/oracle/gaussian.py: do not edit.")
print()
print(f"/// floor(2^{BITS} · P(|X| ≥ k)) for k from 1 on, of the discrete Gaussian X with σ² = 41/2.")
print("#[rustfmt::skip]")
print(f"pub(super) const TAILS: [u128; {len(table)}] = [")
for tail in table:
    print(f"    {tail:#034x},")
print("];")
