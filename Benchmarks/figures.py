"""The tables of figures and of speed in README.md and Documentation, from the measurements in Documentation/Measurements.

    figures.py note NAME EVALUATION.json TIMES.json BUNDLE [--preset P] [--note TEXT]   a measurement, from what the tools printed
    figures.py table [--check]                                                          the tables, written anew or only compared

A measurement is never typed: `make measure` and `make bench-peers` make it, `make figures` the tables; CI refuses a table that is not that of the measurements, and
a measurement that is not of the bundle's network.
"""
import argparse
import datetime
import hashlib
import json
import pathlib
import subprocess
import sys

import speed_table

ROOT = pathlib.Path(__file__).resolve().parent.parent
FOLDER = ROOT / "Documentation" / "Measurements"
README = ROOT / "README.md"
MODELS = ROOT / "Documentation" / "Models.md"
SPEED = ROOT / "Documentation" / "Speed.md"
SUMMARY_MARKS = ("<!-- summary: begin, written by make figures -->", "<!-- summary: end -->")
MARKS = ("<!-- figures: begin, written by make figures -->", "<!-- figures: end -->")


def figure(value):
    """Only what the table needs of a figure with its interval."""
    return {key: round(value[key], 4) for key in ("value", "low", "high") if value and value.get(key) is not None}


def networks(bundle):
    """SHA-256 of each network of a bundle, an ensemble's members' in their order."""
    ensemble = bundle / "ensemble.json"
    if ensemble.exists():
        return [member["network"] for member in json.loads(ensemble.read_text())["members"]]
    return [hashlib.sha256((bundle / "model.onnx").read_bytes()).hexdigest()]


def shape(bundle):
    """What the time that a network takes depends on: its kind and the side of its input. What it has learnt does not matter to it."""
    card = json.loads((bundle / "card.json").read_text())
    return {key: card[key] for key in ("architecture", "input_side")}


def size(bundle):
    """Bytes of a bundle, an ensemble's members included."""
    own = sum(file.stat().st_size for file in bundle.iterdir() if file.is_file())
    ensemble = bundle / "ensemble.json"
    if not ensemble.exists():
        return own
    return own + sum(size(bundle / member["bundle"]) for member in json.loads(ensemble.read_text())["members"])


def note(arguments):
    report = json.loads(pathlib.Path(arguments.evaluation).read_text())
    times = json.loads(pathlib.Path(arguments.times).read_text())
    bundle = pathlib.Path(arguments.bundle)
    any_finding = {view: figure(part["any"]["auroc"]) for view, part in report["image_level"].items() if part["any"].get("auroc")}
    controls = {control["name"]: figure(control["map50"]) for control in report["controls"]}
    usual = {control["name"]: control["localisation_iou_mean"] for control in report["controls"]}
    measurement = {
        "name": arguments.name,
        "preset": arguments.preset,
        "note": arguments.note,
        "date": datetime.date.today().isoformat(),
        "commit": subprocess.run(
            ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip(),
        "networks": networks(bundle),
        "bytes": size(bundle),
        "split": report["split"],
        "boxes": report["boxes"],
        "images": report["images"],
        "patients": report["patients"],
        "map50": figure(report["map50"]),
        "map": figure(report["map"]),
        "map40": figure(report["map40"]),
        "ap50": {
            label: {"value": round(part["ap50"], 4), "low": round(part["ap50_low"], 4), "high": round(part["ap50_high"], 4), "n": part["n"]}
            for label, part in report["per_class"].items() if part.get("ap50") is not None},
        "localisation": {threshold: figure(report["localisation_iou_mean"][threshold]) for threshold in ("0.3", "0.5")},
        "usual_boxes_localisation": {
            name: {threshold: figure(value[threshold]) for threshold in ("0.3", "0.5") if threshold in value}
            for name, value in usual.items() if isinstance(value, dict)},
        "controls_map50": controls,
        "abnormal_auroc": any_finding,
        "times": times,
    }
    FOLDER.mkdir(exist_ok=True)
    target = FOLDER / f"{arguments.name}.json"
    target.write_text(json.dumps(measurement, indent=1, sort_keys=True) + "\n")
    print(target)


def interval(value):
    if not value:
        return ""
    text = f"{value['value']:.3f}"
    return text + (f" ({value['low']:.3f} to {value['high']:.3f})" if "low" in value and "high" in value else "")


def beside(one):
    """What boxes that never saw the image reach on the same images."""
    texts = []
    for name, value in one.get("controls_map50", {}).items():
        places = one.get("usual_boxes_localisation", {}).get(name, {})
        reached = ", ".join(f"T({threshold}) {places[threshold]['value']:.2f}" for threshold in ("0.3", "0.5") if threshold in places)
        texts.append(f"{name}: {value['value']:.3f}" + (f", {reached}" if reached else ""))
    return f" Boxes that never saw the images reach there, by mAP50: {'; '.join(texts)}." if texts else ""


def model_files():
    """The measurements of models; that of speed is not one."""
    return sorted(file for file in FOLDER.glob("*.json") if file.name != speed_table.NAME)


def table():
    measurements = [json.loads(file.read_text()) for file in model_files()]
    measurements.sort(key=lambda one: one["times"]["network_milliseconds"])
    lines = [
        "| model | mAP50 (95%) | nodule, pneumothorax AP50 | T(IoU) at 0.3, 0.5 | any abnormality AUROC, within PA | ms an image | MB |",
        "|---|---|---|---|---|---|---|",
    ]
    for one in measurements:
        single = [interval({"value": one["ap50"][label]["value"]}) for label in ("Nodule", "Pneumothorax") if label in one["ap50"]]
        places = [interval({"value": one["localisation"][threshold]["value"]}) for threshold in ("0.3", "0.5")]
        views = [interval({"value": one["abnormal_auroc"][view]["value"]}) for view in ("all", "PA") if view in one["abnormal_auroc"]]
        lines.append(
            f"| `{one['name']}` | {interval(one['map50'])} | {', '.join(single)} | {', '.join(places)} | {', '.join(views)} "
            f"| {one['times']['network_milliseconds']:.1f} | {one['bytes'] / 1e6:.1f} |")
    findings = sorted({label for one in measurements for label in one["ap50"]})
    lines += ["", "| AP50 by finding | " + " | ".join(findings) + " |", "|---|" + "---|" * len(findings)]
    for one in measurements:
        cells = [f"{one['ap50'][label]['value']:.2f}" if label in one["ap50"] else "" for label in findings]
        lines.append(f"| `{one['name']}` | " + " | ".join(cells) + " |")
    for one in measurements:
        times = one["times"]
        lines += ["", (
            f"`{one['name']}`: {one['split']}. Milliseconds: network and what follows it, "
            f"one image at a time, {times['precision']}, {str(times['threads']) + ' threads' if times['threads'] else 'as many threads as the engine likes'}, median; {times['file_milliseconds']:.1f} from the file on. "
            f"Measured {one['date']}.{' ' + one['note'] if one['note'] else ''}{beside(one)}")]
    return "\n".join(lines)


def summary():
    """What a newcomer needs: the model that is taken by default, and the best."""
    lines = ["| model | mAP50 (95%) | T(0.3) | any abnormality, AUROC | ms an image |", "|---|---|---|---|---|"]
    for name in ("nih8-fast", "nih8-ensemble"):
        one = json.loads((FOLDER / f"{name}.json").read_text())
        lines.append(
            f"| `{name}` | {interval(one['map50'])} | {interval(one['localisation']['0.3'])} | {interval(one['abnormal_auroc']['all'])} "
            f"| {one['times']['network_milliseconds']:.1f} |")
    lines += ["", (
        f"Four folds by patient, {one['boxes']} boxes on images of {one['patients']} patients, each read by a model that did not learn from them. "
        f"Guessing the usual boxes reaches mAP50 {max(value['value'] for value in one['controls_map50'].values()):.3f}.")]
    return "\n".join(lines)


def between(marks, text, inside, file):
    begin, end = text.find(marks[0]), text.find(marks[1])
    if begin < 0 or end < begin:
        sys.exit(f"figures.py: {file.name} has no {marks[0]} and {marks[1]}")
    return text[: begin + len(marks[0])] + "\n\n" + inside + "\n\n" + text[end:]


def write(arguments):
    made = [(README, SUMMARY_MARKS, summary()), (MODELS, MARKS, table())]
    stale = []
    speed = FOLDER / speed_table.NAME
    if speed.exists():
        document = json.loads(speed.read_text())
        made.append((SPEED, speed_table.MARKS, speed_table.text(document)))
        model = document["model"]
        bundle = ROOT / "Models" / model["name"]
        if not bundle.is_dir() or shape(bundle) != {key: model.get(key) for key in ("architecture", "input_side")}:
            stale.append(f"{speed.name} was made for another kind of network than Models/{model['name']} is; make bench-peers again")
    for file in model_files():
        one = json.loads(file.read_text())
        bundle = ROOT / "Models" / one["name"]
        if not bundle.is_dir():
            stale.append(f"{file.name} measures {one['name']}, which is not in Models")
        elif networks(bundle) != one["networks"]:
            stale.append(f"{file.name} was made for another network than Models/{one['name']} has; make measure again")
    for bundle in sorted((ROOT / "Models").iterdir()):
        # What is no detector has figures of its own in its card.
        if bundle.is_dir() and json.loads((bundle / "card.json").read_text()).get("kind"):
            continue
        if bundle.is_dir() and not (FOLDER / f"{bundle.name}.json").exists():
            stale.append(f"Models/{bundle.name} has no measurement")
    for file, marks, inside in made:
        old = file.read_text()
        new = between(marks, old, inside, file)
        if arguments.check and new != old:
            stale.append(f"{file.name}'s table is not that of Documentation/Measurements; run make figures")
        elif not arguments.check:
            file.write_text(new)
    if stale:
        sys.exit("\n".join(f"figures.py: {line}" for line in stale))
    print("figures: " + ("as measured" if arguments.check else ", ".join(file.name for file, _, _ in made)))


parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
commands = parser.add_subparsers(required=True)
noting = commands.add_parser("note")
for name in ("name", "evaluation", "times", "bundle"):
    noting.add_argument(name)
noting.add_argument("--preset", default="")
noting.add_argument("--note", default="")
noting.set_defaults(run=note)
writing = commands.add_parser("table")
writing.add_argument("--check", action="store_true")
writing.set_defaults(run=write)
chosen = parser.parse_args()
chosen.run(chosen)
