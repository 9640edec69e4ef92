"""Fails if a process of a network still runs. usage: ended.py PROCESSES.JSON"""

import json
import pathlib
import sys


def born(pid: int) -> int | None:
    try:
        text = pathlib.Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except OSError:
        return None
    # the name, in brackets, may hold anything
    fields = text.rsplit(") ", 1)[1].split(" ")
    # dead, and only not buried yet
    return None if fields[0] in "ZX" else int(fields[19])


processes = json.loads(pathlib.Path(sys.argv[1]).read_text(encoding="utf-8"))["processes"]
left = [process["name"] for process in processes if born(process["pid"]) == process["born"]]
if left:
    sys.exit(f"still running: {', '.join(left)}")
print(f"{len(processes)} processes have ended")
