"""Tests of documented.py: python3 -m unittest discover scripts/lib"""

import pathlib
import unittest

import documented

TEXT = """# Title

```sh
scripts/start
echo one
```

<!-- not run: it takes the terminal -->
```sh
scripts/demo --keep
```

Text with `scripts/nowhere` in it.

```mermaid
flowchart TD
```

```
bare
```
"""


class Documents(unittest.TestCase):
    def test_blocks_are_told_apart(self):
        found = [(language, excused) for _, language, _, excused in documented.blocks(TEXT)]
        self.assertEqual(found, [("sh", False), ("sh", True), ("mermaid", False), ("", False)])

    def test_an_excuse_without_a_reason_is_none(self):
        text = "<!-- not run: -->\n```sh\nx\n```\n"
        self.assertFalse(next(iter(documented.blocks(text)))[3])

    def test_a_block_without_an_end_is_refused(self):
        with self.assertRaises(ValueError):
            list(documented.blocks("```sh\nx\n"))

    def test_what_is_not_there_is_found(self):
        root = pathlib.Path(__file__).resolve().parents[2]
        self.assertEqual(documented.wrong(root, "scripts/nowhere", {}), "there is no scripts/nowhere")
        self.assertIn("has no --sideways", documented.wrong(root, "scripts/start --sideways", {}))
        self.assertIsNone(documented.wrong(root, "scripts/start --validators 4", {}))

    def test_a_flag_is_a_whole_word(self):
        root = pathlib.Path(__file__).resolve().parents[2]
        self.assertIn("has no --valid", documented.wrong(root, "scripts/start --valid", {}))


if __name__ == "__main__":
    unittest.main()
