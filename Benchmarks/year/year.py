#!/usr/bin/env python3
"""A year of a simulated site on drawn chests: drift, its alarms, a candidate from reviews, the gate.

    Benchmarks/year/year.py --run DIR [--weeks 52] [--a-week 25] [--reviews 200] [--steps 300] [--threads 2] [--program .build/release/pleura]

Three changes come in weeks that are drawn: another curve of grey, another maker's noise, and a finding drawn fainter than before. Readers are drawn,
too: they accept a box that lies on a truth and reject the others. Each week is watched (`pleura improve watch --tables`). After the last change 200
images are reviewed; of them and a replay of old images a candidate is trained (`pleura improve train`) and held against the model in use
(`pleura improve gate`) on a locked set of old and new images. `RUN/year.json` has what came out, `RUN/year.svg` draws it. A step that is done is
not done again. numpy and Pillow.
"""
import argparse
import csv
import datetime
import json
import pathlib
import random
import shutil
import subprocess
import sys

import numpy
from PIL import Image

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
START = datetime.date(2026, 1, 5)


def options():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--run", required=True, type=pathlib.Path)
    parser.add_argument("--program", type=pathlib.Path, default=REPOSITORY / ".build/release/pleura")
    parser.add_argument("--model", default="nih8-fast")
    parser.add_argument("--weeks", type=int, default=52)
    parser.add_argument("--a-week", type=int, default=25)
    parser.add_argument("--reviews", type=int, default=200)
    parser.add_argument("--locked", type=int, default=150, help="images of the locked set, half of them old")
    parser.add_argument("--steps", type=int, default=300)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


def call(*words, allowed=(0,)):
    ended = subprocess.run([str(word) for word in words], capture_output=True, text=True)
    if ended.returncode not in allowed:
        sys.exit(f"year: {' '.join(str(word) for word in words[1:4])} ended with {ended.returncode}\n{ended.stderr[-2000:]}")
    return ended


def drawn_weeks(chosen):
    """When the changes come: a third of the year each, never in the weeks that are usual."""
    draw = random.Random(chosen.seed)
    usual = -(-200 // chosen.a_week) + 2
    third = (chosen.weeks - usual) // 3
    if third < 4:
        sys.exit(f"year: {chosen.weeks} weeks of {chosen.a_week} images leave no room for three changes")
    return [usual + third * place + draw.randrange(1, third - 2) for place in range(3)]


def changed(grey, week, weeks, noise):
    """The picture as the site's machine makes it that week, 0 to 1."""
    if week >= weeks[0]:
        grey = grey ** 0.6
    if week >= weeks[1]:
        grey = grey + noise.normal(0, 0.05, grey.shape)
    if week >= weeks[2]:
        # Less contrast: what is dense is drawn nearer to its surroundings.
        grey = 0.5 + (grey - 0.5) * 0.7
    return numpy.clip(grey, 0, 1)


def phantoms(chosen, count, seed, target, week, weeks):
    """A dataset of drawn chests as they look in a week."""
    if (target / "done").exists():
        return
    shutil.rmtree(target, ignore_errors=True)
    call(chosen.program, "phantom", "--count", count, "--seed", seed, "--out", target, "--quiet")
    noise = numpy.random.default_rng(seed)
    for path in sorted((target / "images").glob("*.png")):
        picture = Image.open(path)
        grey = numpy.asarray(picture, dtype=float)
        full = 65535 if grey.max() > 255 else 255
        made = changed(grey / full, week, weeks, noise)
        Image.fromarray((made * 255).round().astype(numpy.uint8)).save(path)
    (target / "done").write_text("")


def overlap(one, other):
    width = min(one[0] + one[2], other[0] + other[2]) - max(one[0], other[0])
    height = min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1])
    if width <= 0 or height <= 0:
        return 0.0
    return width * height / (one[2] * one[3] + other[2] * other[3] - width * height)


def truths(dataset):
    document = json.loads((dataset / "annotations.json").read_text())
    names = {category["id"]: category["name"] for category in document["categories"]}
    boxes = {image["id"]: [] for image in document["images"]}
    for box in document["annotations"]:
        boxes[box["image_id"]].append((names[box["category_id"]], box["bbox"]))
    return {image["file_name"]: boxes[image["id"]] for image in document["images"]}


def found(said, truth):
    """How many truths a shown box of their finding lies on, of how many."""
    return sum(any(label == one["label"] and overlap(box, one["box"]) > 0.3 for one in said) for label, box in truth), len(truth)


def table(chosen, weeks):
    """What there is to watch, an image a row, and the share of the boxes found, week by week."""
    out, shares = chosen.run / "watch" / "year.csv", []
    out.parent.mkdir(exist_ok=True)
    rows = []
    for week in range(chosen.weeks):
        place = chosen.run / "weeks" / f"{week:02d}"
        phantoms(chosen, chosen.a_week, 1000 + week, place, week, weeks)
        results = place / "findings.json"
        if not results.exists():
            call(chosen.program, "detect", place / "images", "--model", chosen.model, "--json", results, "--quiet", allowed=(0, 1))
        truth, hits, all_boxes = truths(place), 0, 0
        for number, image in enumerate(json.loads(results.read_text())["images"]):
            name = pathlib.Path(image["image"]).name
            grey = numpy.asarray(Image.open(place / "images" / name), dtype=float) / 255
            said = image["findings"]
            got, there = found(said, truth[name])
            hits, all_boxes = hits + got, all_boxes + there
            accepted = sum(any(label == one["label"] and overlap(box, one["box"]) > 0.3 for label, box in truth[name]) for one in said)
            day = START + datetime.timedelta(days=7 * week + number * 7 // chosen.a_week)
            rows.append({
                "time": day.isoformat(), "device": "room 1",
                "tag software version": "2.0" if week >= weeks[0] else "1.0", "tag detector": "B" if week >= weeks[1] else "A",
                "tag protocol": "low contrast" if week >= weeks[2] else "standard",
                "mean grey": grey.mean(), "spread of greys": grey.std(), "noise": numpy.abs(numpy.diff(grey, axis=1)).mean(),
                "boxes": len(said), "highest score": max((one["score"] for one in said), default=0),
                "warnings": len(image.get("warnings", [])), "refused": 1 if image.get("error") else 0,
                "accepted": accepted, "rejected": len(said) - accepted,
            })
        shares.append(hits / all_boxes if all_boxes else None)
    with out.open("w", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return out, shares


def sources(dataset, name, complete=True):
    """Names the source of every image, as `pleura improve dataset` does."""
    document = json.loads((dataset / "annotations.json").read_text())
    for image in document["images"]:
        image["attributes"] = {**image.get("attributes", {}), "sources": name}
    (dataset / "annotations.json").write_text(json.dumps(document))
    names = [category["name"] for category in document["categories"]]
    (dataset / "sources.json").write_text(json.dumps({"sources": [{"name": name, "boxed": names, "complete": complete}]}))


def joined(one, other, target):
    """Two datasets of the same findings in one, the second as the site's own."""
    (target / "images").mkdir(parents=True)
    documents = [json.loads((part / "annotations.json").read_text()) for part in (one, other)]
    images, boxes = [], []
    for prefix, part, document, source in (("old", one, documents[0], "others"), ("new", other, documents[1], "site, complete")):
        for image in document["images"]:
            ident = len(images) + 1
            name = f"{prefix}-{image['file_name']}"
            shutil.copy(part / "images" / image["file_name"], target / "images" / name)
            for box in document["annotations"]:
                if box["image_id"] == image["id"]:
                    boxes.append(dict(box, id=len(boxes) + 1, image_id=ident))
            images.append(dict(image, id=ident, file_name=name, patient=f"{prefix} {image.get('patient', image['file_name'])}",
                               attributes={"sources": source}))
    (target / "annotations.json").write_text(json.dumps(dict(documents[0], images=images, annotations=boxes)))
    shutil.copy(one / "label_map.pbtxt", target / "label_map.pbtxt")
    names = [category["name"] for category in documents[0]["categories"]]
    (target / "sources.json").write_text(json.dumps({"sources": [
        {"name": name, "boxed": names, "complete": True} for name in ("others", "site, complete")]}))


def share(chosen, model, dataset):
    results = dataset / f"{pathlib.Path(model).parent.parent.name}-{pathlib.Path(model).name}.json"
    if not results.exists():
        call(chosen.program, "detect", dataset / "images", "--model", model, "--json", results, "--quiet", allowed=(0, 1))
    truth, hits, all_boxes = truths(dataset), 0, 0
    for image in json.loads(results.read_text())["images"]:
        got, there = found(image["findings"], truth[pathlib.Path(image["image"]).name])
        hits, all_boxes = hits + got, all_boxes + there
    return hits / all_boxes


def drawing(shares, weeks, alarms, after):
    """The year: the share of boxes found, the changes, the alarms, and what the candidate finds at its end."""
    width, height, left, top = 900, 320, 50, 20
    step = (width - left - 30) / max(1, len(shares) - 1)
    x = lambda week: left + week * step
    y = lambda value: top + (1 - value) * (height - top - 40)
    points = " ".join(f"{x(week):.1f},{y(value):.1f}" for week, value in enumerate(shares) if value is not None)
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="12">',
             f'<rect width="{width}" height="{height}" fill="white"/>']
    parts += [f'<line x1="{left}" x2="{width - 30}" y1="{y(v)}" y2="{y(v)}" stroke="#ddd"/><text x="8" y="{y(v) + 4}">{v:.1f}</text>'
              for v in (0, 0.2, 0.4, 0.6, 0.8, 1)]
    for name, week in zip(("curve", "noise", "contrast"), weeks):
        parts.append(f'<line x1="{x(week):.1f}" x2="{x(week):.1f}" y1="{top}" y2="{height - 40}" stroke="#888" stroke-dasharray="4"/>'
                     f'<text x="{x(week) + 3:.1f}" y="{top + 12}">{name}</text>')
    for week in alarms:
        parts.append(f'<path d="M{x(week):.1f} {height - 52} l6 11 h-12 z" fill="#c33"/>')
    parts.append(f'<polyline points="{points}" fill="none" stroke="#226" stroke-width="2"/>')
    if after is not None:
        parts.append(f'<circle cx="{x(len(shares) - 1):.1f}" cy="{y(after):.1f}" r="5" fill="#282"/>')
    parts.append(f'<text x="{left}" y="{height - 12}">weeks; line: share of boxes found; triangle: alarm; circle: the candidate at the end</text></svg>')
    return "\n".join(parts) + "\n"


def main():
    chosen = options()
    chosen.run.mkdir(parents=True, exist_ok=True)
    weeks = drawn_weeks(chosen)
    watched, shares = table(chosen, weeks)
    report = chosen.run / "watch.json"
    call(chosen.program, "improve", "watch", "--tables", watched, "--json", report, "--page", chosen.run / "watch.html", allowed=(0, 1))
    alarms = json.loads(report.read_text())["alarms"]
    alarm_weeks = [(datetime.date.fromisoformat(alarm["day"]) - START).days // 7 for alarm in alarms]
    outcome = {"weeks": chosen.weeks, "a_week": chosen.a_week, "changes": dict(zip(("curve", "noise", "contrast"), weeks)),
               "share_found": shares, "alarms": [dict(alarm, week=week) for alarm, week in zip(alarms, alarm_weeks)], "named_within_weeks": {}}
    for name, week in outcome["changes"].items():
        later = [alarm - week for alarm in alarm_weeks if alarm >= week]
        outcome["named_within_weeks"][name] = later[0] if later else None
    after = None
    if chosen.steps > 0:
        last = chosen.weeks
        for name, count, seed, week in (("old", 300, 11, 0), ("reviews", chosen.reviews, 12, last), ("locked-old", chosen.locked // 2, 13, 0),
                                        ("locked-new", chosen.locked - chosen.locked // 2, 14, last)):
            phantoms(chosen, count, seed, chosen.run / name, week, weeks)
        sources(chosen.run / "reviews", "site, complete")
        if not (chosen.run / "locked/reference.json").exists():
            shutil.rmtree(chosen.run / "locked", ignore_errors=True)
            joined(chosen.run / "locked-old", chosen.run / "locked-new", chosen.run / "locked")
            call(chosen.program, "improve", "reference", chosen.run / "locked", "--quiet")
        site = ["--site", chosen.run / "site"]
        if not (chosen.run / "site/changes.jsonl").exists():
            call(chosen.program, "improve", "adopt", chosen.model, "--by", "year.py", "--reason", "the first model", *site)
        call(chosen.program, "improve", "train", "--dataset", chosen.run / "reviews", "--old", chosen.run / "old", "--run", chosen.run / "night",
             "--config", chosen.model, "--steps", chosen.steps, "--cores", chosen.threads, *site)
        candidate = chosen.run / "night/training/bundle"
        call(chosen.program, "improve", "gate", candidate, "--reference", chosen.run / "locked", "--json", chosen.run / "gate.json", *site,
             allowed=(0, 1))
        outcome["gate"] = json.loads((chosen.run / "gate.json").read_text())["verdict"]
        before = {name: share(chosen, chosen.model, chosen.run / name) for name in ("locked-old", "locked-new")}
        later = {name: share(chosen, candidate, chosen.run / name) for name in ("locked-old", "locked-new")}
        after = later["locked-new"]
        lost = before["locked-old"] - before["locked-new"]
        outcome["share_before"], outcome["share_after"] = before, later
        outcome["regained"] = (later["locked-new"] - before["locked-new"]) / lost if lost > 0 else None
    (chosen.run / "year.json").write_text(json.dumps(outcome, indent=1) + "\n")
    (chosen.run / "year.svg").write_text(drawing(shares, weeks, alarm_weeks, after))
    print(json.dumps({key: outcome[key] for key in outcome if key not in ("share_found", "alarms")}, indent=1))
    for alarm in outcome["alarms"]:
        print(f"alarm in week {alarm['week']}: {', '.join(alarm['figures'])}; {alarm.get('change')}")


if __name__ == "__main__":
    main()
