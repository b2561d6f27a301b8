"""Draws truth and prediction side by side: figures.py DATASET DETECT_JSON FOLD OUT_DIR

For each of six findings the first image of the fold by name that has it: no picking by how well the model does. Left the
radiologist's boxes, right the model's (those in the JSON, which `detect` cut at its threshold). At most 512 pixels wide.
"""
import csv
import json
import pathlib
import sys

from PIL import Image, ImageDraw, ImageFont

FINDINGS = ["Atelectasis", "Cardiomegaly", "Effusion", "Mass", "Nodule", "Pneumothorax"]
COLOURS = ["#E69F00", "#56B4E9", "#009E73", "#F0E442", "#0072B2", "#D55E00", "#CC79A7", "#FFFFFF"]
PANEL, GAP, CAPTION = 254, 4, 30


def font(size):
    return ImageFont.truetype("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf", size)


def panel(image, boxes):
    scale = PANEL / max(image.size)
    drawn = image.convert("RGB").resize((round(image.width * scale), round(image.height * scale)), Image.LANCZOS)
    pen = ImageDraw.Draw(drawn)
    for label, (x, y, w, h), colour in boxes:
        corners = [x * scale, y * scale, (x + w) * scale, (y + h) * scale]
        pen.rectangle([corners[0] - 1, corners[1] - 1, corners[2] + 1, corners[3] + 1], outline="black", width=4)
        pen.rectangle(corners, outline=colour, width=2)
        left, top = min(max(0, corners[0]), PANEL - 110), max(0, corners[1] - 13)
        pen.rectangle(pen.textbbox((left + 2, top), label, font=font(10)), fill="black")
        pen.text((left + 2, top), label, fill=colour, font=font(10))
    return drawn


def main(dataset, results, fold, out):
    dataset, out = pathlib.Path(dataset), pathlib.Path(out)
    truth = json.loads((dataset / "annotations.json").read_text())
    names = {c["id"]: c["name"] for c in truth["categories"]}
    colours = {c["name"]: COLOURS[i % 8] for i, c in enumerate(truth["categories"])}
    folds = {row["patient"]: row["fold"] for row in csv.DictReader((dataset / "folds.csv").open())}
    found = {pathlib.Path(i["image"]).stem: i["findings"] for i in json.loads(pathlib.Path(results).read_text())["images"]}
    boxes = {}
    for a in truth["annotations"]:
        boxes.setdefault(a["image_id"], []).append(a)
    out.mkdir(parents=True, exist_ok=True)
    shown = set()
    for finding in FINDINGS:
        for image in sorted(truth["images"], key=lambda i: i["file_name"]):
            own = boxes.get(image["id"], [])
            if image["id"] in shown or folds.get(image["patient"]) != fold or finding not in {names[a["category_id"]] for a in own}:
                continue
            shown.add(image["id"])
            picture = Image.open(dataset / "images" / image["file_name"]).convert("L")
            left = panel(picture, [(names[a["category_id"]], a["bbox"], colours[names[a["category_id"]]]) for a in own])
            predicted = found[pathlib.Path(image["file_name"]).stem]
            right = panel(picture, [(f"{f['label']} {f['score']:.2f}", f["box"], colours[f["label"]]) for f in reversed(predicted)])
            sheet = Image.new("RGB", (2 * PANEL + GAP, left.height + CAPTION), "black")
            sheet.paste(left, (0, 0))
            sheet.paste(right, (PANEL + GAP, 0))
            pen = ImageDraw.Draw(sheet)
            pen.text((4, left.height + 1), "radiologist", fill="white", font=font(11))
            pen.text((PANEL + GAP + 4, left.height + 1), "model", fill="white", font=font(11))
            note = "NIH ChestX-ray14, NIH Clinical Center, Wang et al. 2017 · research use only, not a diagnosis"
            pen.text((4, left.height + 16), note, fill="#BBBBBB", font=font(9))
            sheet.save(out / f"fold{fold}_{finding.lower()}.jpg", quality=88)
            break


main(*sys.argv[1:])
