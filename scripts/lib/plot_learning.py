#!/usr/bin/env python3
"""Draws what `scripts/bench learn --log` wrote: plot_learning.py RECORD… > SVG. Accuracy on the test digits, round by round."""
import csv
import pathlib
import sys

LEFT, TOP, ACROSS, DOWN = 70, 60, 640, 320
LOWEST, GOAL = 0.90, 0.99
COLOURS = ["#2a6f4e", "#b3402a", "#2a4e8f", "#8a6d1a"]


def read(path):
    lines = [line.rstrip("\n") for line in open(path, encoding="utf-8") if line.strip()]
    table = [line for line in lines if line[0].isdigit() or line.startswith("round,")]
    if not table or not table[0].startswith("round,"):
        sys.exit(f"{path} is no record of scripts/bench learn")
    rows = list(csv.DictReader(table))
    return pathlib.Path(path).stem, [(int(row["round"]), float(row["accuracy"])) for row in rows]


def text(x, y, words, anchor="start", weight="normal"):
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-weight="{weight}">{words}</text>'


def main():
    curves = [read(path) for path in sys.argv[1:]]
    if not curves:
        sys.exit(__doc__)
    last = max(10, max(point for _, points in curves for point, _ in points))

    def place(point, accuracy):
        part = (max(accuracy, LOWEST) - LOWEST) / (1 - LOWEST)
        return LEFT + point / last * ACROSS, TOP + (1 - part) * DOWN

    rows = [text(20, 26, "Accuracy on the test digits by round, through masks (dashed: the goal, 99%)", weight="bold")]
    for percent in range(round(100 * LOWEST), 101, 2):
        _, y = place(0, percent / 100)
        rows.append(f'<line x1="{LEFT}" x2="{LEFT + ACROSS}" y1="{y:.1f}" y2="{y:.1f}" stroke="#ddd"/>')
        rows.append(text(LEFT - 10, y + 4, f"{percent}%", "end"))
    for part in range(6):
        x, _ = place(last * part / 5, LOWEST)
        rows.append(text(x, TOP + DOWN + 22, f"{last * part / 5:g}", "middle"))
    _, y = place(0, GOAL)
    rows.append(f'<line x1="{LEFT}" x2="{LEFT + ACROSS}" y1="{y:.1f}" y2="{y:.1f}" stroke="#333" stroke-dasharray="4 3"/>')
    for number, (name, points) in enumerate(curves):
        colour = COLOURS[number % len(COLOURS)]
        line = " ".join("{:.1f},{:.1f}".format(*place(*point)) for point in points)
        rows.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"/>')
        best = max(points, key=lambda point: point[1])
        label = f"{name}: {100 * best[1]:.2f}% in round {best[0]}"
        y = TOP + DOWN - 60 + 22 * number
        rows.append(f'<line x1="{LEFT + ACROSS - 240}" x2="{LEFT + ACROSS - 214}" y1="{y - 4}" y2="{y - 4}" stroke="{colour}" stroke-width="2"/>')
        rows.append(text(LEFT + ACROSS - 206, y, label))
    width, height = LEFT + ACROSS + 30, TOP + DOWN + 40
    print(f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="13" fill="#222">')
    print('<rect width="100%" height="100%" fill="white"/>')
    print("\n".join(rows))
    print("</svg>")


main()
