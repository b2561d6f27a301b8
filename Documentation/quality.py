"""Draws figures/quality-map50.svg and figures/quality-told.svg from the JSON of `pleura evaluate --degraded --json FILE`.

quality.py FILE
"""
import json
import pathlib
import sys

report = json.load(open(sys.argv[1]))
folder = pathlib.Path(__file__).parent / "figures"
films = list(dict.fromkeys((row.get("degradation", "as they are"), row["strength"]) for row in report["rows"]))


def row(film, treatment):
    return next(r for r in report["rows"] if (r.get("degradation", "as they are"), r["strength"]) == film and r["treatment"] == treatment)


def chart(name, title, series, top):
    """Horizontal bars, one group a kind of film; series: (label, colour, value of a film)."""
    bar, gap, left, width = 9, 8, 110, 640
    group = bar * len(series) + gap
    height = 60 + group * len(films)
    scale = (width - left - 60) / top
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="11">',
           f'<rect width="{width}" height="{height}" fill="#fff"/><text x="8" y="16" font-weight="bold">{title}</text>']
    x = left
    for label, colour, _ in series:
        out.append(f'<rect x="{x}" y="26" width="10" height="10" fill="{colour}"/><text x="{x + 14}" y="35">{label}</text>')
        x += 30 + 7 * len(label)
    for index, film in enumerate(films):
        y = 48 + index * group
        text = film[0] if film[1] == 0 else f"{film[0]} {film[1]}"
        out.append(f'<text x="{left - 6}" y="{y + bar * len(series) / 2 + 4}" text-anchor="end">{text}</text>')
        for place, (_, colour, value) in enumerate(series):
            number = value(film) or 0
            out.append(f'<rect x="{left}" y="{y + place * bar}" width="{number * scale:.1f}" height="{bar - 1}" fill="{colour}"/>')
            out.append(f'<text x="{left + number * scale + 4:.1f}" y="{y + place * bar + 8}" font-size="8">{number:.3f}</text>')
    (folder / name).write_text("\n".join(out + ["</svg>"]) + "\n")


chart("quality-map50.svg", f"mAP50 of {report['model']}, {report['images']} images", [
    ("as is", "#9aa5b1", lambda f: row(f, "as_is").get("map50")), ("mended", "#1f6feb", lambda f: row(f, "mended").get("map50")),
    ("mended, CLAHE", "#d97706", lambda f: row(f, "clahe").get("map50")),
    ("mended, median", "#0f766e", lambda f: row(f, "median").get("map50"))],
    max(r.get("map50") or 0 for r in report["rows"]) or 1)
chart("quality-told.svg", "Share of films whose record tells the degradation", [("told", "#1f6feb", lambda f: row(f, "mended")["told"])], 1)
