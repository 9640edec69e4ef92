#!/usr/bin/env python3
"""Recomputes trainer/vectors/mask.json from its seeds: a second implementation of docs/spec/secure-aggregation.md, plain and slow.

usage: pip install mpmath==1.4.1 cryptography==50.0.2 && mask.py trainer/vectors/mask.json
"""
import hashlib
import json
import sys

import mpmath
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

VERSION = b"iz-mask/1\0"
N, P, TESTS = 4096, 12289, 10
PRIMES = (35184371884033, 35184371703809)
Q = PRIMES[0] * PRIMES[1]


def digest(purpose, *parts):
    data = VERSION
    for part in (purpose.encode(), *parts):
        data += len(part).to_bytes(8, "little") + part
    return hashlib.sha256(data).digest()


def keystream(seed, purpose, index, length):
    key = digest(purpose, seed, index.to_bytes(4, "little"))
    return Cipher(algorithms.ChaCha20(key, bytes(16)), None).encryptor().update(bytes(length))


def tails():
    mpmath.mp.prec = 400
    weight = lambda x: mpmath.exp(-mpmath.mpf(x) ** 2 / 41)
    norm = weight(0) + 2 * sum(weight(x) for x in range(1, 400))
    return [int(mpmath.floor(2 * sum(weight(x) for x in range(k, 400)) / norm * 2**127)) for k in range(1, 60)]


TAILS = tails()


def gaussian(seed, purpose, index, count):
    stream, row = keystream(seed, purpose, index, 16 * count), []
    for place in range(count):
        word = int.from_bytes(stream[16 * place:16 * place + 16], "little")
        magnitude = sum(word % 2**127 < tail for tail in TAILS)
        row.append(-magnitude if word >> 127 else magnitude)
    return row


def pack(numbers, width):
    whole = sum(number << (width * place) for place, number in enumerate(numbers)) if len(numbers) < 64 else None
    if whole is None:
        # in groups of eight numbers, which fill whole bytes
        return b"".join(pack(numbers[i:i + 8], width) for i in range(0, len(numbers), 8))
    return whole.to_bytes((len(numbers) * width + 7) // 8, "little")


def public_element(context, chunk):
    rows = []
    for lane, prime in enumerate(PRIMES):
        stream = hashlib.shake_128(VERSION + b"public element" + context + chunk.to_bytes(4, "little") + bytes([lane])).digest(6 * N + 600)
        numbers = (int.from_bytes(stream[i:i + 6], "little") % 2**45 for i in range(0, len(stream), 6))
        rows.append([number for number in numbers if number < prime][:N])
    inverse = pow(PRIMES[0], -1, PRIMES[1])
    return [one + PRIMES[0] * ((other - one) * inverse % PRIMES[1]) for one, other in zip(*rows)]


def product(left, short):
    """By one product of whole numbers with a coefficient in every 128 bits; the short one is shifted to be positive and back."""
    shift = 64
    number = lambda row: int.from_bytes(b"".join(value.to_bytes(16, "little") for value in row), "little")
    shifted = (number(left) * number([value + shift for value in short])).to_bytes(32 * N, "little")
    ones = (number(left) * number([shift] * N)).to_bytes(32 * N, "little")
    at = lambda data, place: int.from_bytes(data[16 * place:16 * place + 16], "little")
    value = lambda place: at(shifted, place) - at(ones, place)
    return [(value(place) - value(place + N)) % Q for place in range(N)]


def lagrange(points, at):
    row = []
    for here in points:
        over = under = 1
        for other in points:
            if other != here:
                over, under = over * (at - other) % P, under * (here - other) % P
        row.append(over * pow(under, -1, P) % P)
    return row


def public(secret):
    return X25519PrivateKey.from_private_bytes(secret).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


class Round:
    def __init__(self, terms):
        self.terms = terms
        self.secrets = [bytes.fromhex(secret) for secret in terms["member_secrets"]]
        self.keys = [public(secret) for secret in self.secrets]
        numbers = b"".join(terms[name].to_bytes(4, "little") for name in ("group", "values", "levels", "minimum", "maximum"))
        numbers += N.to_bytes(4, "little") + bytes([terms["private"], terms["packed"]])
        self.context = digest("context", bytes.fromhex(terms["seed"]), numbers, b"".join(self.keys))
        self.radix = terms["maximum"] * (terms["levels"] - 1) + 1
        square, self.noise = 14 * 14 * 41 * terms["maximum"], 0
        while 2 * self.noise**2 < square:
            self.noise += 1
        self.digits = 0
        while self.radix ** (self.digits + 1) * (2 * self.noise + 1) <= Q:
            self.digits += 1
        self.step = self.radix**self.digits
        self.basis = [P - place for place in range(1, terms["packed"] + terms["private"] + 1)]
        self.rows = [lagrange(self.basis, member + 1) for member in range(len(self.keys))]
        self.blocks = -(-N // terms["packed"])

    def masked(self, secret, values, seed):
        coefficients = [sum(value * self.radix**place for place, value in enumerate(values[i:i + self.digits]))
                        for i in range(0, len(values), self.digits)]
        result = []
        for chunk in range(-(-len(coefficients) // N)):
            part = coefficients[chunk * N:(chunk + 1) * N]
            errors = gaussian(seed, "error", chunk, len(part))
            masks = product(public_element(self.context, chunk), secret)
            result += [(x + mask + self.step * error) % Q for x, mask, error in zip(part, masks, errors)]
        return b"".join(pack([value % prime for value in result], 45) for prime in PRIMES)

    def upload(self, client, values, seed):
        packed, size = self.terms["packed"], len(self.basis)
        secret = gaussian(seed, "secret", 0, N)
        masked = self.masked(secret, values, seed)
        stream = keystream(seed, "sharing", 0, 4 * 4 * (self.blocks + TESTS) * size)
        draws = (int.from_bytes(stream[i:i + 2], "little") % 2**14 for i in range(0, len(stream), 4))
        uniform = (draw for draw in draws if draw < P)
        polynomials = []
        for block in range(self.blocks):
            known = [value % P for value in secret[block * packed:(block + 1) * packed]]
            known += [0] * (packed - len(known))
            polynomials.append(known + [next(uniform) for _ in range(size - packed)])
        masks = [[next(uniform) for _ in range(size)] for _ in range(TESTS)]
        ephemeral = X25519PrivateKey.from_private_bytes(keystream(seed, "ephemeral", 0, 32))
        key = ephemeral.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        sealed = b""
        for index, (row, member) in enumerate(zip(self.rows, self.keys)):
            share = [sum(a * b for a, b in zip(row, polynomial)) % P for polynomial in polynomials + masks]
            address = VERSION + b"share" + self.context + client + key + index.to_bytes(4, "little") + member
            agreed = ephemeral.exchange(X25519PublicKey.from_public_bytes(member))
            sealing = HKDF(algorithm=hashes.SHA256(), length=32, salt=self.context, info=address).derive(agreed)
            sealed += ChaCha20Poly1305(sealing).encrypt(bytes(12), pack(share, 14), address)
        hidden = digest("masked", masked)
        challenge = digest("share test", self.context, client, hidden, key, sealed)
        stream = hashlib.shake_256(VERSION + b"challenge" + challenge).digest(4 * TESTS * self.blocks)
        factors = [f for f in (int.from_bytes(stream[i:i + 2], "little") % 2**14 for i in range(0, len(stream), 2)) if f < P]
        answers = []
        for test, mask in enumerate(masks):
            row = factors[test * self.blocks:(test + 1) * self.blocks]
            answers += [(mask[place] + sum(f * polynomial[place] for f, polynomial in zip(row, polynomials))) % P for place in range(size)]
        body = key + pack(answers, 14) + sealed
        name = digest("upload", self.context, client, hidden, body)
        return VERSION + self.context + client + body + masked, name, polynomials


def main():
    vectors = json.load(open(sys.argv[1]))
    one = Round(vectors["terms"])
    sha = lambda data: hashlib.sha256(data).hexdigest()
    check = lambda what, found, expected: print("ok  " if found == expected else "BAD ", what) or found == expected
    good = check("context", one.context.hex(), vectors["context"])
    totals, entries, plain = [[0] * one.blocks for _ in one.keys], [], [0] * vectors["terms"]["values"]
    for client, expected in enumerate(vectors["uploads"], 1):
        values = [(place * 40503 + client * 9973) % 65536 for place in range(vectors["terms"]["values"])]
        plain = [a + b for a, b in zip(plain, values)]
        data, name, polynomials = one.upload(bytes([client] * 32), values, bytes([client | 0x40] * 32))
        good &= check(f"upload {client}", (len(data), sha(data), name.hex(), data[:160].hex(), data[-64:].hex()),
                      (expected["length"], expected["sha256"], expected["digest"], expected["head"], expected["tail"]))
        entries.append(bytes([client] * 32) + name)
        for total, row in zip(totals, one.rows):
            for block in range(one.blocks):
                total[block] = (total[block] + sum(a * b for a, b in zip(row, polynomials[block]))) % P
    chosen = digest("set", one.context, b"".join(entries))
    good &= check("set", chosen.hex(), vectors["set"])
    for member, (total, expected) in enumerate(zip(totals, vectors["sums"])):
        data = VERSION + one.context + chosen + member.to_bytes(2, "little") + pack(total, 14)
        good &= check(f"sum of member {member}", (sha(data), data[:120].hex()), (expected["sha256"], expected["head"]))
    opened = b"".join(value.to_bytes(8, "little") for value in plain)
    good &= check("opened sums", sha(opened), vectors["opened_sha256_of_le64"])
    sys.exit(0 if good else 1)


main()
