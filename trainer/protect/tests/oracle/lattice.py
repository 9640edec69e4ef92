#!/usr/bin/env python3
"""Estimates the security of the masks: the cheapest known lattice attacks, by the core-SVP method of NewHope (Alkim et al. 2016).

usage: lattice.py          (nothing to install)

Prints, for each set of parameters, the block size and the bits of the primal and of the dual attack, classical (2^0.292b) and quantum
(2^0.265b). Polynomial factors and memory are not counted, which favours the attacker. The first row checks the method against the table of
the Homomorphic Encryption Standard (2018), which states 128 classical bits for degree 4096, a modulus of 109 bits and noise of 3.19.
"""
import math


def delta(block):
    """The root Hermite factor that a block size reaches."""
    return ((math.pi * block) ** (1 / block) * block / (2 * math.pi * math.e)) ** (1 / (2 * (block - 1)))


def primal(degree, log_q, sigma, samples):
    """The least block size for which the planted vector shows (2016 estimate), over the number of samples used."""
    def works(block):
        step = max(1, degree // 64)
        for used in range(step, samples + 1, step):
            dimension = used + degree + 1
            left = math.log2(sigma) + 0.5 * math.log2(block)
            right = (2 * block - dimension - 1) * math.log2(delta(block)) + log_q * used / dimension
            if left <= right:
                return True
        return False
    return least(works)


def dual(degree, log_q, sigma, samples, exponent):
    """The least cost of telling masks from random with short dual vectors, over block size and samples."""
    best = (math.inf, 0)
    for block in range(60, 1500, 2):
        for used in range(degree // 8, samples + 1, max(1, degree // 16)):
            dimension = used + degree
            log_length = dimension * math.log2(delta(block)) + log_q * degree / dimension
            log_tau = log_length + math.log2(sigma) - log_q
            if log_tau > 5:
                continue
            advantage = -2 * math.pi ** 2 * 4 ** log_tau / math.log(2)
            cost = exponent * block + max(0, -2 * advantage - 0.2075 * block)
            best = min(best, (cost, block))
    return best


def least(works):
    low, high = 60, 4000
    while low < high:
        middle = (low + high) // 2
        if works(middle):
            high = middle
        else:
            low = middle + 1
    return low


def row(name, degree, log_q, sigma, samples):
    block = primal(degree, log_q, sigma, samples)
    classical, quantum = (dual(degree, log_q, sigma, samples, exponent) for exponent in (0.292, 0.265))
    print(f"{name:<58} {block:>6} {0.292 * block:>8.0f} {0.265 * block:>8.0f} {classical[1]:>6} {classical[0]:>8.0f} {quantum[0]:>8.0f}")


def main():
    print(f"{'':<58} {'primal':>6} {'':>8} {'':>8} {'dual':>6}")
    print(f"{'parameters':<58} {'block':>6} {'bits':>8} {'quantum':>8} {'block':>6} {'bits':>8} {'quantum':>8}")
    row("HE standard: N 4096, q 2^109, noise 3.19 (128 stated)", 4096, 109, 3.19, 2 * 4096)
    for name, sigma in (("two honest clients: noise and secret 4.53/√2 = 3.20", math.sqrt(41 / 4)),
                        ("ten honest clients: 4.53·√(9/10)", math.sqrt(41 / 2 * 9 / 10)),
                        ("as if the noise were 1", 1.0)):
        for chunks in (1, 9, 64):
            row(f"{name}, {chunks} chunks", 4096, 90, sigma, chunks * 4096)


main()
