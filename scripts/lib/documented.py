"""Takes the commands out of a document.

usage: documented.py run FILE      prints what a shell is to run: the blocks marked ```sh, in their order
       documented.py check FILE…   fails where something is named that is not there, and in the README and the guides where a block is
                                   neither ```sh nor excused

A block that is not run has a line <!-- not run: WHY --> before it. Of its commands, and of those in the text, every script has to be there;
of scripts and of programs that stand on the PATH, every --flag has to be in the answer to --help.
"""

import pathlib
import re
import shlex
import shutil
import subprocess
import sys

EXCUSE = re.compile(r"<!-- not run: \S.* -->")
SCRIPT = re.compile(r"(?:scripts|testnet)/[\w./-]+")
# what a word of a command's path can be; placeholders are in capitals
WORD = re.compile(r"[a-z][a-z-]*")
# data of a block, not blocks of commands
DRAWN = {"mermaid", "json", "toml", "yaml"}


def blocks(text: str):
    """(number of the first line, language, lines, excused) of every fenced block."""
    inside, excused = None, False
    for number, line in enumerate(text.splitlines(), 1):
        if inside is None and line.startswith("```"):
            inside = (number, line[3:].strip(), [], excused)
        elif inside is not None and line.startswith("```"):
            yield inside
            inside, excused = None, False
        elif inside is not None:
            inside[2].append(line)
        elif line.strip():
            excused = bool(EXCUSE.fullmatch(line.strip()))
    if inside is not None:
        raise ValueError(f"the block of line {inside[0]} never ends")


def commands(text: str):
    """(line, command) of the excused blocks and of `code` in the text."""
    for number, language, lines, _ in blocks(text):
        if language not in DRAWN:
            for offset, line in enumerate(lines, 1):
                yield number + offset, line.split(" #")[0].strip()
    prose = re.sub(r"```.*?```", lambda found: "\n" * found[0].count("\n"), text, flags=re.S)
    for number, line in enumerate(prose.splitlines(), 1):
        for code in re.findall(r"`([^`]+)`", line):
            yield number, code


def wrong(root: pathlib.Path, command: str, helps: dict) -> str | None:
    """What is wrong with a command, as far as can be seen without running it."""
    for script in SCRIPT.findall(command):
        if not (root / script.rstrip("./")).exists():
            return f"there is no {script}"
    try:
        words = shlex.split(command, comments=True)
    except ValueError:
        # a piece of a longer one
        return None
    if not words:
        return None
    if SCRIPT.fullmatch(words[0]):
        program, rest = [str(root / words[0])], words[1:]
        if not (root / words[0]).is_file():
            return None
    elif words[0] in ("izd", "iz-trainer", "iz-network") and shutil.which(words[0]):
        program, rest = [words[0]], words[1:]
        while rest and WORD.fullmatch(rest[0]) and shown([*program, rest[0]], helps) is not None:
            program.append(rest.pop(0))
    else:
        return None
    flags = [word.split("=")[0] for word in rest if word.startswith("--") and word != "--"]
    known = shown(program, helps) if flags else ""
    for flag in flags:
        if known is None or not re.search(re.escape(flag) + r"(?![\w-])", known):
            return f"{' '.join(program)} has no {flag}"
    return None


def shown(program: list, helps: dict) -> str | None:
    """The answer to --help; none where that is refused."""
    key = tuple(program)
    if key not in helps:
        done = subprocess.run([*program, "--help"], capture_output=True, text=True, timeout=60, check=False)
        helps[key] = done.stdout + done.stderr if done.returncode == 0 else None
    return helps[key]


def guide(file: str) -> bool:
    """Whether people are told here what to type."""
    return file == "README.md" or "guides" in pathlib.Path(file).parts


def check(root: pathlib.Path, files: list) -> int:
    faults, helps, looked = [], {}, 0
    for file in files:
        text = pathlib.Path(file).read_text(encoding="utf-8")
        for number, language, _, excused in blocks(text):
            if guide(file) and language not in DRAWN and not excused and language != "sh":
                faults.append(f"{file}:{number}: this block is not ```sh, and no <!-- not run: WHY --> stands before it")
        for number, command in commands(text):
            looked += 1
            fault = wrong(root, command, helps)
            if fault:
                faults.append(f"{file}:{number}: {fault}")
    for fault in faults:
        print(fault, file=sys.stderr)
    print(f"{looked} commands and names in {len(files)} documents looked at, {len(faults)} wrong")
    return 1 if faults else 0


def main() -> int:
    root = pathlib.Path(__file__).resolve().parents[2]
    match sys.argv[1:]:
        case ["run", file]:
            for _, language, lines, excused in blocks(pathlib.Path(file).read_text(encoding="utf-8")):
                if language == "sh" and not excused:
                    print("\n".join(lines))
            return 0
        case ["check", *files] if files:
            return check(root, files)
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
