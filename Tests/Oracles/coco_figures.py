# oracle
"""COCO's twelve figures of 200 random sets of boxes, by pycocotools: coco_figures.py DIR writes DIR/coco_figures/sets.json.

A list of sets: `images` (how many), `classes`, `truth` [image, class, x, y, width, height, crowd, area], `detections`
[image, class, x, y, width, height, score], `stats` (pycocotools' twelve, null for -1), `ap50` of each class. In some sets scores are
whole twentieths, so that many are equal, boxes lie on whole pixels, so that overlaps fall on thresholds, a class has no truth or
nothing has, images are empty, some have more than a hundred detections of a class. Sets whose scores differ within every image also
have `draws`: how often each image is drawn, and the figures of a set in which it is there so often.
"""

import contextlib
import io
import json
import pathlib
import sys

import numpy as np
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval


def as_coco(images, classes, rows):
    coco = COCO()
    coco.dataset = {
        "images": [{"id": image + 1} for image in range(images)],
        "categories": [{"id": index + 1} for index in range(classes)],
        "annotations": rows,
    }
    coco.createIndex()
    return coco


def figures(images, classes, truth, detections):
    boxes = [
        {"id": number + 1, "image_id": row[0] + 1, "category_id": row[1] + 1, "bbox": row[2:6], "iscrowd": row[6], "area": row[7]}
        for number, row in enumerate(truth)
    ]
    found = [
        {"id": number + 1, "image_id": row[0] + 1, "category_id": row[1] + 1, "bbox": row[2:6], "score": row[6],
         "area": row[4] * row[5], "iscrowd": 0}
        for number, row in enumerate(detections)
    ]
    evaluation = COCOeval(as_coco(images, classes, boxes), as_coco(images, classes, found), "bbox")
    evaluation.evaluate()
    evaluation.accumulate()
    evaluation.summarize()
    at50 = evaluation.eval["precision"][0, :, :, 0, 2].mean(axis=0)
    return {"stats": [known(value) for value in evaluation.stats], "ap50": [known(value) for value in at50]}


def known(value):
    return None if value < -0.5 else float(value)


def random_set(number):
    random = np.random.default_rng(number)
    images, classes = int(random.integers(1, 24)), int(random.integers(1, 6))
    whole, tied, crowded = number % 3 == 0, number % 4 == 1, number % 7 == 2
    absent = int(random.integers(0, classes)) if number % 3 == 1 else -1
    side = 640

    def boxed(x, y, width, height):
        values = [x, y, width, height]
        return [float(np.round(value)) if whole else float(np.round(value, 2)) for value in values]

    truth, detections = [], []
    for image in range(images):
        for _ in range(int(random.integers(0, 7)) if number != 5 else 0):
            index = int(random.integers(0, classes))
            if index == absent:
                continue
            width, height = np.exp(random.uniform(np.log(6), np.log(260), 2))
            box = boxed(random.uniform(0, side - width), random.uniform(0, side - height), width, height)
            crowd = int(random.random() < (0.25 if number % 2 else 0.05))
            area = box[2] * box[3] * (float(random.uniform(0.4, 1)) if random.random() < 0.3 else 1)
            truth.append([image, index, *box, crowd, area])
    for image in range(images):
        own = [row for row in truth if row[0] == image]
        count = int(random.integers(100, 170)) if crowded and image % 3 == 0 else int(random.integers(0, 30))
        for _ in range(count if number != 6 else 0):
            index = 0 if crowded else int(random.integers(0, classes))
            if own and random.random() < 0.7:
                near = own[int(random.integers(0, len(own)))]
                shift = random.choice([0, 0.05, 0.15, 0.4])
                x, y = (near[2 + k] + random.normal(0, shift) * near[4 + k] for k in range(2))
                width, height = (near[4 + k] * np.exp(random.normal(0, shift)) for k in range(2))
                index = near[1] if random.random() < 0.85 else index
            else:
                width, height = np.exp(random.uniform(np.log(4), np.log(300), 2))
                x, y = random.uniform(-20, side, 2)
            score = float(random.random())
            if tied:
                score = round(score * 20) / 20
            elif number % 10 == 3:
                score = score * 8 - 5
            detections.append([image, index, *boxed(x, y, width, height), score])
    return {"images": images, "classes": classes, "truth": truth, "detections": detections}


def drawn(made, draw):
    """The set in which every image is there as often as it was drawn, its copies side by side."""
    truth, detections, images = [], [], 0
    for image, times in enumerate(draw):
        for _ in range(times):
            truth += [[images, *row[1:]] for row in made["truth"] if row[0] == image]
            detections += [[images, *row[1:]] for row in made["detections"] if row[0] == image]
            images += 1
    return images, made["classes"], truth, detections


def main():
    folder = pathlib.Path(sys.argv[1]) / "coco_figures"
    folder.mkdir()
    sets = []
    for number in range(200):
        made = random_set(number)
        made |= figures(*made.values())
        if number % 5 == 0 and number % 4 != 1:
            random = np.random.default_rng(1000 + number)
            made["draws"] = []
            for _ in range(3):
                draw = np.bincount(random.integers(0, made["images"], made["images"]), minlength=made["images"]).tolist()
                made["draws"].append({"draw": draw, **figures(*drawn(made, draw))})
        sets.append(made)
    (folder / "sets.json").write_text(json.dumps(sets, separators=(",", ":")))


if __name__ == "__main__":
    with contextlib.redirect_stdout(io.StringIO()):
        main()
