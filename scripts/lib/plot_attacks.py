#!/usr/bin/env python3
"""Draws what `scripts/bench attacks` printed: plot_attacks.py TABLE > SVG. Points of accuracy lost, and what attackers earn."""
import sys

HEIGHT, LEFT, BAR, WIDTH = 22, 190, 220, 840
NAMES = {"Iid": "even data", "TwoShards": "two shards a client"}


def read(path):
    parts, title = [], ""
    for line in open(path, encoding="utf-8"):
        words = line.split()
        if line.startswith("Trusted") or ";" in line:
            title = line.strip()
        elif len(words) == 1 and words[0] in NAMES:
            parts.append((NAMES[words[0]], []))
        elif parts and len(words) == 8:
            lost, goal, credit = (float(words[place]) for place in (3, 4, 5))
            parts[-1][1].append((words[0], lost, goal, credit))
    if not parts:
        sys.exit(f"{path} is no table of scripts/bench attacks")
    return title, parts


def text(x, y, words, anchor="start", weight="normal"):
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}" font-weight="{weight}">{words}</text>'


def bars(x, y, value, most, goal):
    end = max(0.0, min(value, most)) / most * BAR
    line = x + goal / most * BAR
    return (
        f'<rect x="{x}" y="{y - 13}" width="{end:.1f}" height="15" fill="{"#2a6f4e" if value <= goal else "#b3402a"}"/>'
        f'<line x1="{line:.1f}" x2="{line:.1f}" y1="{y - 17}" y2="{y + 5}" stroke="#333" stroke-dasharray="3 2"/>'
        + text(x + BAR + 14, y, f"{value:.2f}")
    )


def main():
    title, parts = read(sys.argv[1])
    rows, y = [text(20, 26, title)], 40
    for name, attacks in parts:
        y += 24
        rows.append(text(20, y, name, weight="bold"))
        rows.append(text(LEFT, y, "points of accuracy lost (dashed: the goal)"))
        rows.append(text(LEFT + BAR + 80, y, "earned (dashed: an equal part)"))
        for attack, lost, goal, credit in attacks:
            y += HEIGHT
            rows += [text(LEFT - 10, y, attack, "end"), bars(LEFT, y, lost, 2 * goal, goal)]
            rows.append(bars(LEFT + BAR + 80, y, credit, 2.0, 1.0))
    size = f'width="{WIDTH}" height="{y + 24}" viewBox="0 0 {WIDTH} {y + 24}"'
    print(f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="sans-serif" font-size="13" fill="#222">')
    print('<rect width="100%" height="100%" fill="white"/>')
    print("\n".join(rows))
    print("</svg>")


main()
