# oracle
"""A small dataset, one detector's results in five formats, and their figures by pycocotools and scikit-learn: evaluation_command.py DIR

DIR/evaluation_command/set is a dataset of three findings in two folds (no images: predictions need none), with images without a box,
one of them said to have a finding; no box of the third finding is in fold 1. coco.json, yolo/, table.csv, strings.csv and found.json hold
the same detections: COCO's results, YOLO txt, a table, VinBigData's PredictionString and the JSON of `pleura detect`. other.json is a
second detector's, broken.json has one row of each fault. expected.json: the figures of fold 1, `boxed` on the images with a box and
`all` with those of which nothing is found.
"""

import contextlib
import csv
import io
import json
import pathlib
import sys

import numpy as np
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval
from sklearn.metrics import average_precision_score, roc_auc_score

NAMES = ["Mass", "Nodule", "Effusion"]
STATS = ["ap", "ap50", "ap75", "ap_small", "ap_medium", "ap_large", "ar1", "ar10", "ar100", "ar_small", "ar_medium", "ar_large"]


def make():
    random = np.random.default_rng(5)
    images, boxes, results = [], [], []
    for number in range(1, 61):
        patient = f"p{(number - 1) // 2:02}"
        image = {
            "id": number, "file_name": f"image_{number:03}.png", "width": 640, "height": 480, "patient": patient,
            "view": "AP" if random.random() < 0.4 else "PA", "attributes": {"sex": "F" if (number // 2) % 2 else "M"},
        }
        fold = (number - 1) // 2 % 2
        labels = set()
        # Two of those that are said to show something have no box for certain.
        count = 0 if number in (20, 40) else int(random.choice([0, 1, 2, 3], p=[0.35, 0.35, 0.2, 0.1]))
        for _ in range(count):
            kind = int(random.integers(0, 2 if fold == 1 else 3))
            width, height = (float(v) for v in random.uniform(20, 200, 2).round(2))
            x, y = float(round(random.uniform(0, 640 - width), 2)), float(round(random.uniform(0, 480 - height), 2))
            boxes.append({
                "id": len(boxes) + 1, "image_id": number, "category_id": kind + 1, "bbox": [x, y, width, height],
                "area": width * height, "iscrowd": 0})
            labels.add(NAMES[kind])
            if random.random() < 0.7:
                shift = random.normal(0, 12, 4)
                results.append((number, kind if random.random() < 0.85 else 1 - min(kind, 1), [
                    float(round(x + shift[0], 2)), float(round(y + shift[1], 2)), float(round(max(5, width + shift[2]), 2)),
                    float(round(max(5, height + shift[3]), 2))], float(round(random.beta(4, 2), 4))))
        for _ in range(int(random.integers(0, 4))):
            width, height = (float(v) for v in random.uniform(20, 200, 2).round(2))
            results.append((number, int(random.integers(0, 3)), [
                float(round(random.uniform(0, 640 - width), 2)), float(round(random.uniform(0, 480 - height), 2)), width, height],
                float(round(random.beta(2, 4), 4))))
        # An image that shows something nobody boxed.
        image["labels"] = sorted(labels) if labels or number % 10 else ["Nodule"]
        images.append(image)
    return images, boxes, results


def with_coco(images, boxes, results):
    """pycocotools on some images: its twelve figures, and AP50 of each finding."""
    chosen = {image["id"] for image in images}

    def coco(rows):
        made = COCO()
        made.dataset = {"images": images, "categories": [{"id": i + 1, "name": n} for i, n in enumerate(NAMES)], "annotations": rows}
        made.createIndex()
        return made

    truth = [dict(box, id=number + 1) for number, box in enumerate(b for b in boxes if b["image_id"] in chosen)]
    found = [
        {"id": number + 1, "image_id": image, "category_id": kind + 1, "bbox": box, "score": score, "area": box[2] * box[3], "iscrowd": 0}
        for number, (image, kind, box, score) in enumerate(row for row in results if row[0] in chosen)
    ]
    evaluation = COCOeval(coco(truth), coco(found), "bbox")
    evaluation.evaluate()
    evaluation.accumulate()
    evaluation.summarize()
    at50 = evaluation.eval["precision"][0, :, :, 0, 2].mean(axis=0)
    return {
        "coco": {name: None if value < -0.5 else float(value) for name, value in zip(STATS, evaluation.stats)},
        "ap50": {name: None if value < -0.5 else float(value) for name, value in zip(NAMES, at50)},
        "boxes": len(truth), "images": len(images), "patients": len({image["patient"] for image in images}),
    }


def whole_images(images, boxes, results):
    """scikit-learn on whole images: any abnormality and each finding, over all and within each view."""
    boxed = {(box["image_id"], box["category_id"] - 1) for box in boxes}
    figures = {}
    for part in ["all", "AP", "PA"]:
        chosen = [image for image in images if part in ("all", image["view"])]
        rows = {"any": ([], [])} | {name: ([], []) for name in NAMES}
        for image in chosen:
            best = [max([row[3] for row in results if row[0] == image["id"] and row[1] == kind], default=0) for kind in range(3)]
            shown = [(image["id"], kind) in boxed or NAMES[kind] in image["labels"] for kind in range(3)]
            rows["any"][0].append(any(shown))
            rows["any"][1].append(max(best))
            for kind, name in enumerate(NAMES):
                rows[name][0].append(shown[kind])
                rows[name][1].append(best[kind])
        figures[part] = {
            name: [float(roc_auc_score(*row)), float(average_precision_score(*row))] if len(set(row[0])) == 2 else None
            for name, row in rows.items()
        }
    return figures


def write(folder):
    images, boxes, results = make()
    (folder / "set").mkdir(parents=True)
    categories = [{"id": index + 1, "name": name} for index, name in enumerate(NAMES)]
    (folder / "set/annotations.json").write_text(json.dumps({"images": images, "annotations": boxes, "categories": categories}))
    (folder / "set/label_map.pbtxt").write_text(
        "".join(f"item {{\n  name: \"{name}\"\n  id: {index + 1}\n}}\n" for index, name in enumerate(NAMES)))
    folds = {image["patient"]: (image["id"] - 1) // 2 % 2 for image in images}
    (folder / "set/folds.csv").write_text("patient,fold\n" + "".join(f"{patient},{fold}\n" for patient, fold in folds.items()))

    def coco(rows):
        return [{"image_id": image, "category_id": kind + 1, "bbox": box, "score": score} for image, kind, box, score in rows]

    (folder / "coco.json").write_text(json.dumps(coco(results)))
    random = np.random.default_rng(6)
    (folder / "other.json").write_text(json.dumps(coco(
        [(image, kind, box, float(round(random.random(), 4))) for image, kind, box, _ in results[::2]])))
    stems = {image["id"]: image["file_name"][:-4] for image in images}
    with (folder / "table.csv").open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["Image_ID", "class_name", "confidence", "x_min", "y_min", "x_max", "y_max"])
        for image, kind, (x, y, width, height), score in results:
            table.writerow([stems[image], NAMES[kind], score, x, y, x + width, y + height])
    with (folder / "strings.csv").open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["image_id", "PredictionString"])
        for image in images:
            own = [row for row in results if row[0] == image["id"]]
            table.writerow([stems[image["id"]], " ".join(
                f"{kind} {score!r} {x!r} {y!r} {x + width!r} {y + height!r}" for _, kind, (x, y, width, height), score in own) or "14 1 0 0 1 1"])
    (folder / "yolo/labels").mkdir(parents=True)
    (folder / "yolo/classes.txt").write_text("\n".join(NAMES) + "\n")
    for image in images:
        lines = [
            f"{kind} {(x + width / 2) / 640!r} {(y + height / 2) / 480!r} {width / 640!r} {height / 480!r} {score!r}"
            for number, kind, (x, y, width, height), score in results if number == image["id"]
        ]
        if lines:
            (folder / f"yolo/labels/{stems[image['id']]}.txt").write_text("\n".join(lines) + "\n")
    (folder / "found.json").write_text(json.dumps({"schema": 1, "images": [
        {"image": f"somewhere/{stems[image['id']]}.dcm", "findings": [
            {"id": "1", "label": NAMES[kind], "score": score, "box": box} for number, kind, box, score in results if number == image["id"]]}
        for image in images]}))
    broken = coco(results)
    broken += [
        {"image_id": 999, "category_id": 1, "bbox": [1, 1, 5, 5], "score": 0.5},
        {"image_id": 1, "category_id": 9, "bbox": [1, 1, 5, 5], "score": 0.5},
        {"image_id": 1, "category_id": 1, "bbox": [1, 1, 5, 5], "score": float("nan")},
        {"image_id": 1, "category_id": 1, "bbox": [1, 1, -5, 5], "score": 0.5},
        {"image_id": 1, "category_id": 1, "bbox": [1, 1, 5], "score": 0.5},
        {"image_id": 1, "category_id": 1, "bbox": [900, 1, 5, 5], "score": 0.5},
        "not a row",
    ]
    (folder / "broken.json").write_text(json.dumps(broken))

    fold = [image for image in images if folds[image["patient"]] == 1]
    boxed = {box["image_id"] for box in boxes}
    with contextlib.redirect_stdout(io.StringIO()):
        expected = {
            "rows": len(results),
            "boxed": with_coco([image for image in fold if image["id"] in boxed], boxes, results),
            "all": with_coco([image for image in fold if image["id"] in boxed or not image["labels"]], boxes, results),
            "image_level": whole_images(fold, boxes, results),
        }
    (folder / "expected.json").write_text(json.dumps(expected))


if __name__ == "__main__":
    write(pathlib.Path(sys.argv[1]) / "evaluation_command")
