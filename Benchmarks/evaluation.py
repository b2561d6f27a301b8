"""COCO's twelve figures by Pleura, pycocotools and faster-coco-eval in turns, and the bootstrap: `make bench-eval`.

    evaluation.py BENCH_EVALUATION [--images 5000] [--boxes 36000] [--detections 400000] [--classes 80] [--rounds 5]

Every one scores the same generated boxes, held in memory in its own form: images with their boxes, or COCO objects with their index.
Timed is the scoring, from those to the twelve figures (for the peers: making `COCOeval`, `evaluate`, `accumulate`, `summarize`); making
or reading the boxes is not. All must agree to 1e-6. Ratios are a peer's time over Pleura's in the same round: above 1, Pleura is
faster. Ends with 1 where the median is below 2 beside faster-coco-eval or 8 beside pycocotools, or where 1,000 draws of the headline
figures on 880 images take 3 s or more.
"""

import argparse
import contextlib
import io
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

import faster_coco_eval
import numpy as np
import pycocotools.coco
import pycocotools.cocoeval


def generate(images, boxes, detections, classes):
    """Truth [image, class, x, y, width, height, crowd, area] and detections [image, class, x, y, width, height, score]."""
    random = np.random.default_rng(20)
    # As in COCO, some classes are many times as common as others.
    shares = 1 / np.arange(1, classes + 1) ** 0.7
    shares /= shares.sum()
    truth = np.empty((boxes, 8))
    truth[:, 0] = np.sort(random.integers(0, images, boxes))
    truth[:, 1] = random.choice(classes, boxes, p=shares)
    truth[:, 4:6] = np.exp(random.uniform(np.log(8), np.log(400), (boxes, 2)))
    truth[:, 2:4] = random.uniform(0, 1, (boxes, 2)) * np.maximum(640 - truth[:, 4:6], 1)
    truth[:, 6] = random.random(boxes) < 0.01
    truth[:, 7] = truth[:, 4] * truth[:, 5] * random.uniform(0.4, 1, boxes)

    found = np.empty((detections, 7))
    near = truth[random.integers(0, boxes, detections)]
    shift = random.choice([0.03, 0.1, 0.4, 1.5], (detections, 1))
    found[:, 0] = near[:, 0]
    found[:, 1] = np.where(random.random(detections) < 0.7, near[:, 1], random.choice(classes, detections, p=shares))
    found[:, 2:4] = near[:, 2:4] + shift * random.normal(size=(detections, 2)) * near[:, 4:6]
    found[:, 4:6] = near[:, 4:6] * np.exp(shift * 0.5 * random.normal(size=(detections, 2)))
    found[:, 6] = np.clip(random.beta(0.7, 2, detections) * (1.6 - shift[:, 0]), 0.001, 1).round(4)
    found = found[np.argsort(found[:, 0], kind="stable")]
    return truth.round(3), found.round(4)


def loaded(kind, images, classes, truth, found):
    """The COCO objects that a peer scores."""
    def coco(rows):
        made = kind()
        made.dataset = {
            "images": [{"id": image + 1, "width": 640, "height": 640} for image in range(images)],
            "categories": [{"id": index + 1, "name": str(index)} for index in range(classes)],
            "annotations": rows,
        }
        made.createIndex()
        return made

    drawn = [
        {"id": number + 1, "image_id": int(row[0]) + 1, "category_id": int(row[1]) + 1, "bbox": row[2:6], "iscrowd": int(row[6]),
         "area": row[7]}
        for number, row in enumerate(truth.tolist())
    ]
    said = [
        {"id": number + 1, "image_id": int(row[0]) + 1, "category_id": int(row[1]) + 1, "bbox": row[2:6], "iscrowd": 0,
         "area": row[4] * row[5], "score": row[6]}
        for number, row in enumerate(found.tolist())
    ]
    return coco(drawn), coco(said)


def scored(kind, objects):
    with contextlib.redirect_stdout(io.StringIO()):
        started = time.perf_counter()
        evaluation = kind(*objects, "bbox")
        evaluation.evaluate()
        evaluation.accumulate()
        evaluation.summarize()
        seconds = time.perf_counter() - started
    return seconds, [float(value) for value in evaluation.stats[:12]]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--images", type=int, default=5_000)
    parser.add_argument("--boxes", type=int, default=36_000)
    parser.add_argument("--detections", type=int, default=400_000)
    parser.add_argument("--classes", type=int, default=80)
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()

    truth, found = generate(asked.images, asked.boxes, asked.detections, asked.classes)
    with contextlib.redirect_stdout(io.StringIO()):
        peers = {
            "faster-coco-eval": (faster_coco_eval.COCOeval_faster,
                                 loaded(faster_coco_eval.COCO, asked.images, asked.classes, truth, found)),
            "pycocotools": (pycocotools.cocoeval.COCOeval,
                            loaded(pycocotools.coco.COCO, asked.images, asked.classes, truth, found)),
        }
    times = {"Pleura": [], **{name: [] for name in peers}}
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "boxes")
        with open(path, "wb") as file:
            for part in (np.array([asked.images, asked.classes, len(truth), len(found)], float), truth, found):
                file.write(part.astype("<f8").tobytes())
        ours = subprocess.Popen([asked.program, "coco", path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for number in range(asked.rounds + 1):
            ours.stdin.write("\n")
            ours.stdin.flush()
            answer = json.loads(ours.stdout.readline())
            once = {"Pleura": answer["seconds"]}
            for name, (kind, objects) in peers.items():
                once[name], stats = scored(kind, objects)
                for our, their in zip(answer["stats"], stats):
                    assert abs((-1 if our is None else our) - their) < 1e-6, (name, answer["stats"], stats)
            # The first round warms up.
            if number:
                for name, seconds in once.items():
                    times[name].append(seconds)
        ours.stdin.close()
        ours.wait()

    print(f"COCO's twelve figures: {asked.images} images, {len(truth)} boxes, {len(found)} detections, {asked.classes} classes;"
          f" {asked.rounds} rounds, scoring only, {os.cpu_count()} processors")
    failed = False
    for name, seconds in times.items():
        ratios = [theirs / own for theirs, own in zip(seconds, times["Pleura"])]
        asked_for = {"Pleura": 1, "faster-coco-eval": 2, "pycocotools": 8}[name]
        failed |= statistics.median(ratios) < asked_for
        print(f"  {name:17} {statistics.median(seconds):7.3f} s  ({min(seconds):.3f} to {max(seconds):.3f})  "
              f"ratio {statistics.median(ratios):6.1f} ({min(ratios):.1f} to {max(ratios):.1f})")

    draws = json.loads(subprocess.run([asked.program, "bootstrap", "1000"], check=True, capture_output=True, text=True).stdout)
    failed |= draws["seconds"] >= 3
    print(f"headline figures of 1000 draws of 880 images, 88,000 detections, 8 classes: {draws['seconds']:.2f} s,"
          f" of them {draws['preparing']:.2f} s matching once")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
