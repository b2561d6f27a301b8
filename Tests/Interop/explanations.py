"""Our occlusion map beside openvino-xai's AISE on the same network and the same boxes: python explanations.py PLEURA MODEL [DATASET] [COUNT]

Both maps are scored by insertion less deletion, as a share of the score, with the same fill and the same score as `pleura evaluate
--explanations`: the image blurred, and the best IoU times class score over all places. Without a dataset, drawn phantoms are taken.
"""
import json
import pathlib
import subprocess
import sys
import tempfile

import numpy as np
import openvino as ov
from openvino_xai.methods.black_box.aise.detection import AISEDetection
from openvino_xai.methods.black_box.base import Preset
from PIL import Image, ImageFilter

SIDE, STEPS = 320, 20

def input_of(path):
    """The network's input by its card: percentiles 0.5 to 99.5, 320 px, (v - 0.5) / 0.5. Square images alone."""
    image = Image.open(path)
    if not image.mode.startswith("I"):  # sixteen bits stay as they are; "L" would make them all white
        image = image.convert("L")
    if image.width != image.height:
        return None
    grey = np.asarray(image, dtype=np.float32)
    low, high = np.percentile(grey, [0.5, 99.5])
    window = np.clip((grey - low) / max(1, high - low), 0, 1)
    small = Image.fromarray(window).resize((SIDE, SIDE), Image.BILINEAR)
    return (np.asarray(small) - 0.5) / 0.5

def blurred(picture, deviation=20):
    radius = 3 * deviation
    bell = np.exp(-0.5 * (np.arange(-radius, radius + 1) / deviation) ** 2)
    bell /= bell.sum()
    for axis in (0, 1):
        padded = np.pad(picture, [(radius, radius) if side == axis else (0, 0) for side in (0, 1)], mode="edge")
        picture = np.apply_along_axis(lambda line: np.convolve(line, bell, "valid"), axis, padded)
    return picture.astype(np.float32)

def grown(boxes, side=24):
    middle, half = (boxes[:, :2] + boxes[:, 2:]) / 2, np.maximum((boxes[:, 2:] - boxes[:, :2]) / 2, side / 2)
    return np.concatenate([middle - half, middle + half], axis=1)

def overlaps(boxes, target):
    boxes, target = grown(np.clip(boxes, 0, SIDE)), grown(target[None])[0]
    size = np.clip(np.minimum(boxes[:, 2:], target[2:]) - np.maximum(boxes[:, :2], target[:2]), 0, None)
    common = size[:, 0] * size[:, 1]
    areas = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    return common / (areas + (target[2] - target[0]) * (target[3] - target[1]) - common)

class Network:
    def __init__(self, file):
        self.model = ov.Core().read_model(file)
        self.model.reshape({"image": [1, 1, SIDE, SIDE]})
        self.compiled = ov.Core().compile_model(self.model, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})

    def __call__(self, picture):
        answer = self.compiled({"image": picture[None, None].astype(np.float32)})
        return answer["boxes"][0], answer["scores"][0]

    def score(self, picture, target, column):
        boxes, scores = self(picture)
        return float((overlaps(boxes, target) * scores[:, column]).max())

def insertion_minus_deletion(network, picture, fill, order, target, column):
    whole = network.score(picture, target, column)
    shares = [len(order) * step // STEPS for step in range(STEPS + 1)]
    insertion, deletion = [], []
    for count in shares:
        mask = np.zeros(len(order), bool)
        mask[order[:count]] = True
        mask = mask.reshape(picture.shape)
        insertion.append(network.score(np.where(mask, picture, fill), target, column) / whole)
        deletion.append(network.score(np.where(mask, fill, picture), target, column) / whole)
    x = np.array(shares) / len(order)
    return np.trapz(insertion, x) - np.trapz(deletion, x)

def aise(network, picture, target, column):
    """AISE in its own middle setting: 150 runs a box."""
    boxes, scores = network(picture)
    place = int((overlaps(boxes, target) * scores[:, column]).argmax())
    runs = [0]

    def seen(answer):
        runs[0] += 1
        return answer["boxes"], answer["scores"][:, :, column], np.zeros((1, len(boxes)), int)

    method = AISEDetection(network.model, seen, preprocess_fn=lambda data: data)
    data = picture[None, None].astype(np.float32)
    saliency = method.generate_saliency_map(data, [place], preset=Preset.BALANCE, scale_output=False)
    return np.asarray(saliency[place]), runs[0]

def main():
    pleura, bundle = sys.argv[1], pathlib.Path(sys.argv[2])
    with tempfile.TemporaryDirectory() as folder:
        dataset = sys.argv[3] if len(sys.argv) > 3 else folder + "/phantoms"
        most = int(sys.argv[4]) if len(sys.argv) > 4 else 5
        if len(sys.argv) <= 3:
            subprocess.run([pleura, "phantom", "--count", "12", "--seed", "41", "--out", dataset, "--quiet"], check=True)
        report = json.loads(
            subprocess.run(
                [pleura, "evaluate", "--explanations", "--dataset", dataset, "--model", bundle, "--json", "-", "--quiet"]
                + ["--explained-detections", "2", "--randomised-detections", "0"],
                check=True, stdout=subprocess.PIPE).stdout)
        ours = [one for part in report["measurements"] if part["map"] == "occlusion" for one in part["detections"]]
        detections = json.loads(
            subprocess.run(
                [pleura, "detect", dataset + "/images", "--model", bundle, "--threshold", "0.1", "--json", "-", "--quiet", "--precision", "f32"],
                check=True, stdout=subprocess.PIPE).stdout)

        labels = [line.split('"')[1] for line in (bundle / "label_map.pbtxt").read_text().splitlines() if "name:" in line]
        network, theirs, control, runs = Network(bundle / "model.onnx"), [], [], []
        found = [(image, finding) for image in detections["images"] for finding in image["findings"]]
        found.sort(key=lambda one: -one[1]["score"])
        for image, finding in found[:most]:
            picture = input_of(image["image"])
            if picture is None:
                continue
            scale = SIDE / image["width"]
            x, y, width, height = (side * scale for side in finding["box"])
            target, column = np.array([x, y, x + width, y + height]), labels.index(finding["label"])
            saliency, count = aise(network, picture, target, column)
            fill = blurred(picture)
            theirs.append(insertion_minus_deletion(network, picture, fill, np.argsort(-saliency.ravel(), kind="stable"), target, column))
            rows, columns = np.mgrid[0:SIDE, 0:SIDE] + 0.5
            far = ((columns - x - width / 2) / width) ** 2 + ((rows - y - height / 2) / height) ** 2
            control.append(insertion_minus_deletion(network, picture, fill, np.argsort(far.ravel(), kind="stable"), target, column))
            runs.append(count)
    if not theirs or not ours:
        print("SKIPPED: the model finds nothing to explain")
        return
    own = np.mean([one["insertion_minus_deletion"] for one in ours])
    print(f"ours: {own:.3f} over {len(ours)} boxes, at most 107 runs an image; Gaussian on the box {np.mean([one['control'] for one in ours]):.3f}")
    print(f"AISE: {np.mean(theirs):.3f} over {len(theirs)} boxes, {np.mean(runs):.0f} runs a box; Gaussian on the box {np.mean(control):.3f}")
    if max(np.abs(control)) < 0.01:
        sys.exit("FAIL: hiding the box changes nothing, so the network did not see the images")
    ahead = own / 107 - np.mean(theirs) / np.mean(runs)
    print(f"a hundred runs: ours {100 * own / 107:.3f}, AISE {100 * np.mean(theirs) / np.mean(runs):.3f}")
    if ahead < 0:
        sys.exit("FAIL: AISE gains more a run")

main()
