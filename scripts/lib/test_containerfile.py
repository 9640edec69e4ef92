"""Tests of testnet/Containerfile, which no test builds: python3 -m unittest discover scripts/lib"""

import pathlib
import re
import tomllib
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
LINES = (ROOT / "testnet" / "Containerfile").read_text(encoding="utf-8").splitlines()
COPIED = [
    source.rstrip("/")
    for line in LINES
    if line.startswith("COPY ") and "--from" not in line
    for source in line.split()[1:-1]
]


class Containerfile(unittest.TestCase):
    def test_what_is_copied_is_there(self):
        self.assertEqual([source for source in COPIED if not (ROOT / source).exists()], [])

    def test_every_member_of_the_workspace_is_copied(self):
        members = tomllib.loads((ROOT / "Cargo.toml").read_text(encoding="utf-8"))["workspace"]["members"]
        left_out = [member for member in members if member.split("/")[0] not in COPIED]
        self.assertEqual(left_out, [])

    def test_what_it_is_built_with_is_what_the_repository_is_built_with(self):
        channel = tomllib.loads((ROOT / "rust-toolchain.toml").read_text(encoding="utf-8"))["toolchain"]["channel"]
        bases = [line for line in LINES if line.startswith("ARG ")]
        self.assertEqual(len(bases), 3)
        self.assertTrue(any(f"/rust:{channel}-" in base for base in bases))
        for line in LINES:
            if line.startswith("FROM "):
                self.assertRegex(line, r"^FROM \$\{(GO|RUST|DEBIAN)\}")

    def test_the_node_is_nobody_special(self):
        last = max(place for place, line in enumerate(LINES) if line.startswith("FROM "))
        users = [line for line in LINES[last:] if line.startswith("USER ")]
        self.assertEqual(len(users), 1)
        self.assertTrue(int(re.fullmatch(r"USER (\d+)", users[0])[1]) > 0)


if __name__ == "__main__":
    unittest.main()
