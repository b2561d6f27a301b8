#!/usr/bin/env python3
"""Replays annotation on boxed images: do images that the reading list chooses teach more than images by lot?

    Benchmarks/replay/replay.py --dataset DIR --fold 0 --config nih8-boxes --start FILE --run DIR [--seed-images 150] [--step 50] [--rounds 6]
        [--seeds 3] [--steps 300] [--model nih8-boxes]

Every image's boxes are known and hidden. Each round trains on what is boxed so far (fold K is left out), scores the model on fold K, lets
`pleura improve select` choose the next images, and reveals their boxes. Both strategies begin with the same images by lot. What is left in
`RUN/evidence.json` is what `pleura improve next --evidence` takes: without the list's interval above zero, the reading list stays by lot.
A run that was cut off goes on where it stopped. Standard library only.
"""
import argparse
import json
import pathlib
import random
import shutil
import subprocess
import sys

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]


def options():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--dataset", required=True, type=pathlib.Path)
    parser.add_argument("--fold", type=int, default=0)
    parser.add_argument("--config", default="nih8-boxes")
    parser.add_argument("--start", default="none", help="weights that have not seen the dataset")
    parser.add_argument("--run", required=True, type=pathlib.Path)
    parser.add_argument("--program", type=pathlib.Path, default=REPOSITORY / ".build/release/pleura")
    parser.add_argument("--seed-images", type=int, default=150)
    parser.add_argument("--step", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=6)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--steps", type=int, default=300)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--set", action="append", default=[], help="settings of the training, as pleura train takes them")
    return parser.parse_args()


def call(arguments, log):
    with open(log, "a", encoding="utf-8") as out:
        ended = subprocess.run([str(word) for word in arguments], stdout=subprocess.PIPE, stderr=out, text=True)
        out.write(ended.stdout)
    if ended.returncode not in (0, 1):
        sys.exit(f"replay: {arguments[1:3]} ended with {ended.returncode}; see {log}")
    return ended.stdout


def folds_of(dataset):
    lines = (dataset / "folds.csv").read_text(encoding="utf-8").splitlines()[1:]
    return {patient: int(fold) for patient, fold in (line.rsplit(",", 1) for line in lines)}


def subset(dataset, document, keep, hide, target):
    """A dataset directory of some images; those of `hide` without their boxes."""
    if (target / "annotations.json").exists():
        return
    (target / "images").mkdir(parents=True, exist_ok=True)
    images = [image for image in document["images"] if image["file_name"] in keep]
    shown = {image["id"] for image in images if image["file_name"] not in hide}
    for image in images:
        link = target / "images" / image["file_name"]
        link.parent.mkdir(parents=True, exist_ok=True)
        if not link.is_symlink():
            link.symlink_to((dataset / "images" / image["file_name"]).resolve())
    for name in ("label_map.pbtxt", "folds.csv"):
        shutil.copy(dataset / name, target / name)
    part = dict(document, images=images, annotations=[box for box in document["annotations"] if box["image_id"] in shown])
    (target / "annotations.json").write_text(json.dumps(part), encoding="utf-8")


def replay(chosen, document, pool, strategy, seed, first):
    """One curve: how many images, boxes and what mAP50 after each round."""
    folder = chosen.run / f"{strategy}-{seed}"
    folder.mkdir(parents=True, exist_ok=True)
    log = folder / "log.txt"
    everything = {image["file_name"] for image in document["images"]}
    tested = everything - set(pool)
    counts = {}
    for box in document["annotations"]:
        counts[box["image_id"]] = counts.get(box["image_id"], 0) + 1
    boxes_of = {image["file_name"]: counts.get(image["id"], 0) for image in document["images"]}
    boxed = list(first)
    curve = {"strategy": strategy, "seed": seed, "images": [], "boxes": [], "map50": []}
    for number in range(chosen.rounds + 1):
        place = folder / f"round-{number}"
        done = place / "done.json"
        if done.exists():
            kept = json.loads(done.read_text())
            boxed = kept["boxed"]
            for key in ("images", "boxes", "map50"):
                curve[key].append(kept[key])
            if number < chosen.rounds:
                boxed = boxed + kept["next"]
            continue
        shutil.rmtree(place, ignore_errors=True)
        subset(chosen.dataset, document, set(boxed) | tested, set(), place / "learnt")
        train = [chosen.program, "train", "--dataset", place / "learnt", "--config", chosen.config, "--fold", chosen.fold, "--start",
                 chosen.start, "--run", place / "training", "--steps", chosen.steps, "--seed", 1000 * seed + number, "--threads",
                 chosen.threads, "--quiet"] + [word for pair in chosen.set for word in ("--set", pair)]
        if call(train, log) is None or not (place / "training/bundle/card.json").exists():
            sys.exit(f"replay: the training of {place} made no model; see {log}")
        figures = place / "figures.json"
        call([chosen.program, "evaluate", "--dataset", chosen.dataset, "--fold", chosen.fold, "--model", place / "training/bundle",
              "--draws", 0, "--json", figures, "--quiet"], log)
        value = json.loads(figures.read_text())["map50"]["value"]
        following = []
        if number < chosen.rounds:
            left = set(pool) - set(boxed)
            subset(chosen.dataset, document, set(pool), left, place / "pool")
            names = place / "boxed.txt"
            names.write_text("\n".join(boxed) + "\n", encoding="utf-8")
            out = call([chosen.program, "improve", "select", "--dataset", place / "pool", "--model", place / "training/bundle", "--boxed",
                        names, "--strategy", strategy, "--count", chosen.step, "--seed", 1000 * seed + number, "--quiet"], log)
            following = out.split("\n")[:-1]
        row = {"images": len(boxed), "boxes": sum(boxes_of[name] for name in boxed), "map50": value or 0.0}
        done.write_text(json.dumps(dict(row, boxed=boxed, next=following)), encoding="utf-8")
        for key in row:
            curve[key].append(row[key])
        print(f"{strategy}, seed {seed}: {row['images']} images, {row['boxes']} boxes, mAP50 {row['map50']:.3f}", flush=True)
        shutil.rmtree(place / "training", ignore_errors=True)
        boxed = boxed + following
    return curve


def main():
    chosen = options()
    chosen.dataset = chosen.dataset.resolve()
    chosen.run.mkdir(parents=True, exist_ok=True)
    document = json.loads((chosen.dataset / "annotations.json").read_text(encoding="utf-8"))
    folds = folds_of(chosen.dataset)
    boxed_ids = {box["image_id"] for box in document["annotations"]}
    pool = sorted(image["file_name"] for image in document["images"]
                  if image["id"] in boxed_ids and folds.get(image.get("patient", "")) not in (chosen.fold, None))
    if len(pool) < chosen.seed_images + chosen.step:
        sys.exit(f"replay: {len(pool)} boxed images outside fold {chosen.fold}; {chosen.seed_images + chosen.step} are needed at least")
    runs = []
    for seed in range(1, chosen.seeds + 1):
        first = random.Random(seed).sample(pool, chosen.seed_images)
        for strategy in ("random", "mixed"):
            runs.append(replay(chosen, document, pool, strategy, seed, first))
            evidence = {"schema": 1, "dataset": chosen.dataset.name, "runs": runs}
            (chosen.run / "evidence.json").write_text(json.dumps(evidence, indent=1) + "\n", encoding="utf-8")
    print(chosen.run / "evidence.json")


if __name__ == "__main__":
    main()
