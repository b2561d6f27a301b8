"""Scores a COCO results file against one fold of a dataset, with pycocotools: score_coco.py DATASET RESULTS FOLD [--draws N]

DATASET holds `annotations.json` (COCO; every image says its "patient") and `folds.csv` (patient,fold). RESULTS is what
`pleura detect --coco` writes. Only the images of the fold's patients that have a box are scored: on the rest nobody looked for boxes.

Prints one JSON object: `map50` and `map` (IoU 0.50 to 0.95), each {value, low, high}; `per_class` {label: {ap50, n}}; `fold`,
`patients`, `images`, `boxes`. low and high are the 2.5th and 97.5th percentiles over draws of patients with replacement.
A class without a box in the fold (or in a draw) is left out of the mean, as pycocotools does; its ap50 is null.

`score_coco.py --self-test` compares with a case worked out by hand.
"""

import argparse
import contextlib
import copy
import csv
import json
import pathlib
import sys

import numpy as np
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval


def same_patient(value):
    """A patient's name as text; 147, "147" and "00000147" are one patient."""
    return str(value).strip().lstrip("0")


def as_coco(dataset, annotations):
    coco = COCO()
    coco.dataset = {"images": dataset["images"], "categories": dataset["categories"], "annotations": annotations}
    coco.createIndex()
    return coco


class Score:
    """One evaluation: the matching is done once, and every draw of patients accumulates it anew."""

    def __init__(self, dataset, results, fold_of_patient, fold):
        known = {image["id"] for image in dataset["images"]}
        strangers = {result["image_id"] for result in results} - known
        if strangers:
            raise ValueError(f"{len(strangers)} image_id of the results are not in annotations.json, {min(strangers)} for one")
        boxed = {annotation["image_id"] for annotation in dataset["annotations"]}
        self.patient_of_image = {
            image["id"]: same_patient(image["patient"])
            for image in dataset["images"]
            if image["id"] in boxed and fold_of_patient.get(same_patient(image["patient"])) == fold
        }
        if not self.patient_of_image:
            raise ValueError(f"no image with a box in fold {fold}")
        truth = [
            {
                "area": annotation["bbox"][2] * annotation["bbox"][3], "iscrowd": 0, **annotation,
                "id": number + 1,  # pycocotools takes the id 0 for "not matched"
            }
            for number, annotation in enumerate(dataset["annotations"])
            if annotation["image_id"] in self.patient_of_image
        ]
        found = [
            {**result, "id": number + 1, "area": result["bbox"][2] * result["bbox"][3], "iscrowd": 0}
            for number, result in enumerate(results)
            if result["image_id"] in self.patient_of_image
        ]
        self.labels = {category["id"]: category["name"] for category in dataset["categories"]}
        self.counts = {category: sum(box["category_id"] == category for box in truth) for category in self.labels}

        self.evaluation = COCOeval(as_coco(dataset, truth), as_coco(dataset, found), "bbox")
        self.evaluation.params.imgIds = sorted(self.patient_of_image)
        self.evaluation.params.areaRng, self.evaluation.params.areaRngLbl = [[0, 1e10]], ["all"]
        self.evaluation.params.maxDets = [100]
        self.evaluation.evaluate()
        self.images = list(self.evaluation.params.imgIds)  # evaluate() sorts them; evalImgs is [category, area, image], flat
        self.matches = self.evaluation.evalImgs
        self.categories = list(self.evaluation.params.catIds)

    def precision(self, images):
        """Interpolated precision [IoU threshold, 101 recalls, category] over images, which may repeat; -1 where there is no truth."""
        place = {image: number for number, image in enumerate(self.images)}
        drawn = copy.copy(self.evaluation)
        drawn.params = copy.deepcopy(self.evaluation.params)
        drawn.params.imgIds = list(range(len(images)))
        drawn._paramsEval = drawn.params
        drawn.evalImgs = [
            self.matches[category * len(self.images) + place[image]]
            for category in range(len(self.categories)) for image in images
        ]
        drawn.accumulate()
        return drawn.eval["precision"][:, :, :, 0, 0]

    @staticmethod
    def mean(precision):
        there = precision[precision > -1]
        return float(there.mean()) if there.size else float("nan")

    def report(self, fold, draws, seed=0):
        whole = self.precision(self.images)
        by_patient = {}
        for image, patient in self.patient_of_image.items():
            by_patient.setdefault(patient, []).append(image)
        patients = sorted(by_patient)
        random = np.random.default_rng(seed)
        drawn = []
        for _ in range(draws):
            chosen = random.integers(len(patients), size=len(patients))
            precision = self.precision([image for number in chosen for image in by_patient[patients[number]]])
            drawn.append((self.mean(precision[0]), self.mean(precision)))

        def interval(value, values):
            low, high = np.nanpercentile(values, [2.5, 97.5]) if len(values) else (None, None)
            return {"value": value, "low": low, "high": high}

        per_class = {}
        for number, category in enumerate(self.categories):
            ap50 = self.mean(whole[0, :, number])
            per_class[self.labels[category]] = {"ap50": None if np.isnan(ap50) else ap50, "n": self.counts[category]}
        return {
            "map50": interval(self.mean(whole[0]), [draw[0] for draw in drawn]),
            "map": interval(self.mean(whole), [draw[1] for draw in drawn]),
            "per_class": per_class,
            "fold": fold, "patients": len(patients), "images": len(self.images), "boxes": sum(self.counts.values()), "draws": draws,
        }


def self_test():
    """Two classes. Fold 0: images 1 and 2, of two patients, and 3, which has no box; fold 1: image 4.

    Class 1 has a box on each of 1 and 2. By score: a hit on 1 (IoU 1), a miss on 1, a hit on 2 (IoU 0.62). At IoU 0.50, 0.55 and
    0.60 precision is 1 up to recall 1/2 (51 of the 101 points) and 2/3 up to 1 (50 points); from 0.65 on it is 1 up to 1/2, then 0.
    Class 2 has one box, on 2, which nothing finds: 0. A confident detection on 3 and one on 4 must not count.
    """
    box = [0, 0, 100, 100]
    dataset = {
        "images": [{"id": image, "patient": patient} for image, patient in [(1, "0007"), (2, 8), (3, "0007"), (4, "0009")]],
        "categories": [{"id": 1, "name": "Mass"}, {"id": 2, "name": "Nodule"}, {"id": 3, "name": "Effusion"}],
        "annotations": [
            {"id": 0, "image_id": 1, "category_id": 1, "bbox": box}, {"id": 1, "image_id": 2, "category_id": 1, "bbox": box},
            {"id": 2, "image_id": 2, "category_id": 2, "bbox": box}, {"id": 3, "image_id": 4, "category_id": 1, "bbox": box},
        ],
    }
    results = [
        {"image_id": 1, "category_id": 1, "bbox": box, "score": 0.9},
        {"image_id": 1, "category_id": 1, "bbox": [500, 500, 10, 10], "score": 0.8},
        {"image_id": 2, "category_id": 1, "bbox": [0, 0, 100, 62], "score": 0.7},
        {"image_id": 3, "category_id": 1, "bbox": box, "score": 0.99},
        {"image_id": 4, "category_id": 1, "bbox": [900, 900, 10, 10], "score": 0.99},
    ]
    score = Score(dataset, results, {"7": 0, "8": 0, "9": 1}, 0)
    report = score.report(0, draws=50)
    at_50 = (51 + 50 * 2 / 3) / 101
    expected = {
        "map50": at_50 / 2, "map": (3 * at_50 + 7 * 51 / 101) / 10 / 2, "mass": at_50, "nodule": 0.0,
        # Image 1 drawn twice: both hits come before both misses, and class 2 has no box.
        "twice 1": 1.0,
        # Image 2 drawn twice: class 1 found at IoU 0.62, class 2 missed.
        "twice 2": 0.5,
    }
    got = {
        "map50": report["map50"]["value"], "map": report["map"]["value"],
        "mass": report["per_class"]["Mass"]["ap50"], "nodule": report["per_class"]["Nodule"]["ap50"],
        "twice 1": score.mean(score.precision([1, 1])[0]), "twice 2": score.mean(score.precision([2, 2])[0]),
    }
    wrong = [f"{name}: {got[name]}, by hand {expected[name]}" for name in expected if abs(got[name] - expected[name]) > 1e-9]
    if (report["images"], report["boxes"], report["patients"]) != (2, 3, 2):
        wrong.append(f"{report['images']} images, {report['boxes']} boxes, {report['patients']} patients; by hand 2, 3, 2")
    if report["per_class"]["Effusion"] != {"ap50": None, "n": 0}:
        wrong.append(f"a class with no box: {report['per_class']['Effusion']}")
    # Draws are of {1, 2}, {1, 1} and {2, 2}: the percentiles can only be their values.
    if abs(report["map50"]["low"] - at_50 / 2) > 1e-9 or abs(report["map50"]["high"] - 1.0) > 1e-9:
        wrong.append(f"interval: {report['map50']}")
    nothing = Score(dataset, [], {"7": 0, "8": 0, "9": 1}, 0).report(0, draws=0)
    if nothing["map50"]["value"] != 0:
        wrong.append(f"no results at all: {nothing['map50']}")
    return wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("dataset", type=pathlib.Path, nargs="?")
    parser.add_argument("results", type=pathlib.Path, nargs="?")
    parser.add_argument("fold", type=int, nargs="?")
    parser.add_argument("--draws", type=int, default=300)
    parser.add_argument("--self-test", action="store_true")
    arguments = parser.parse_args()
    if not arguments.self_test and arguments.fold is None:
        parser.error("a dataset, a results file and a fold are needed")

    with contextlib.redirect_stdout(sys.stderr if not arguments.self_test else None):
        if arguments.self_test:
            wrong = self_test()
        else:
            with (arguments.dataset / "folds.csv").open(newline="") as rows:
                folds = {same_patient(row["patient"]): int(row["fold"]) for row in csv.DictReader(rows)}
            dataset = json.loads((arguments.dataset / "annotations.json").read_text())
            results = json.loads(arguments.results.read_text())
            report = Score(dataset, results, folds, arguments.fold).report(arguments.fold, arguments.draws)
    if arguments.self_test:
        for line in wrong:
            print(f"score_coco: {line}", file=sys.stderr)
        if not wrong:
            print("score_coco: agrees with the case worked out by hand", file=sys.stderr)
        return 1 if wrong else 0
    print(json.dumps(report, indent=2))
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (OSError, ValueError, KeyError) as error:
        print(f"score_coco: {error}", file=sys.stderr)
        sys.exit(1)
