"""Draws floors.svg from Package.swift: `make floors`. Rooms stand one above the other in Package.swift's order, as many on a floor as need
nothing from each other; a line goes from a room down to what it names.

floors.py [--check] reads `swift package dump-package` from standard input; --check says 1 where the picture is not that of the package.
"""
import html
import json
import pathlib
import sys

WIDTH, ROOM, HEIGHT, GAP, FLOOR = 1180, 128, 30, 12, 74
targets = json.load(sys.stdin)["targets"]
shown = [t for t in targets if t["type"] in ("regular", "executable") and (t.get("path") or "Sources").startswith("Sources")]
names = [t["name"] for t in shown if not (t["name"].startswith("C") and t["name"][1:2].isupper())]
uses = {}
for target in shown:
    if target["name"] in names:
        uses[target["name"]] = [n for d in target["dependencies"] for n in [next(iter(d.values()))[0]] if n in names]

# A room's floor is one above the highest that it uses; a line that another path implies is left out.
floor = {}
for name in names:
    floor[name] = 1 + max((floor[n] for n in uses[name]), default=-1)


def below(name):
    found = set()
    for used in uses[name]:
        found |= {used} | below(used)
    return found


direct = {name: [n for n in uses[name] if not any(n in below(other) for other in uses[name] if other != n)] for name in names}
levels = max(floor.values()) + 1
places = {}
for level in range(levels):
    row = [n for n in names if floor[n] == level]
    left = (WIDTH - len(row) * ROOM - (len(row) - 1) * GAP) / 2
    for index, name in enumerate(row):
        places[name] = (left + index * (ROOM + GAP), (levels - 1 - level) * FLOOR + 10)
height = levels * FLOOR
out = [
    f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" font-family="DejaVu Sans, sans-serif" font-size="12">',
    f'<title>The rooms of Pleura, floor by floor</title><rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
]
for name in names:
    x, y = places[name]
    for used in direct[name]:
        u, v = places[used]
        out.append(
            f'<path d="M{x + ROOM / 2:.0f} {y + HEIGHT:.0f}C{x + ROOM / 2:.0f} {y + FLOOR * .7:.0f} {u + ROOM / 2:.0f} {v - FLOOR * .3:.0f} '
            f'{u + ROOM / 2:.0f} {v:.0f}" fill="none" stroke="#8aa0b4" stroke-width="1"/>')
for name in names:
    x, y = places[name]
    fill = "#dce9f5" if next(t for t in shown if t["name"] == name)["type"] == "executable" else "#f4f6f8"
    out.append(f'<rect x="{x:.0f}" y="{y:.0f}" width="{ROOM}" height="{HEIGHT}" rx="4" fill="{fill}" stroke="#51677c"/>')
    out.append(f'<text x="{x + ROOM / 2:.0f}" y="{y + 19:.0f}" text-anchor="middle" fill="#1c2730">{html.escape(name)}</text>')
out.append("</svg>")
picture, file = "\n".join(out) + "\n", pathlib.Path(__file__).with_name("floors.svg")
if "--check" in sys.argv:
    sys.exit(0 if file.read_text() == picture else 1)
file.write_text(picture)
