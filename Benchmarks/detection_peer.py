"""One run of another detector over a folder of images, from the files to boxes in JSON, for `make bench-peers` (Benchmarks/peers.py).

    detection_peer.py prepare FOLDER IMAGES [--opencv MODEL.onnx] [--torchvision] [--ultralytics SIZE BATCH]     what the runs need
    detection_peer.py ultralytics|torchvision|opencv FOLDER IMAGES JSON [--precision f32|bf16] [--out DIR] [--threshold X] ...

Ultralytics is YOLO11n, exported to OpenVINO, by its own `predict`; torchvision is `ssdlite320_mobilenet_v3_large` behind a DataLoader;
OpenCV's DNN module runs Pleura's own network. The first two have random weights (no pretrained ones come with the packages), which takes as
long as any others: `--threshold` is what gives them about a box an image. With `--out` a picture with the boxes is written for each image.

Prints JSON: the images, how many boxes, how many images were done before the clock of `seconds` began (the first batch: everything is then
loaded and warm), and the seconds from there until the boxes are in the file.
"""

import argparse
import itertools
import json
import os
import pathlib
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import cv2
import numpy as np

CORES = os.cpu_count()
CLASSES = 8
# No calls home, no fonts or weights from elsewhere, nothing installed on the way.
os.environ.update(YOLO_OFFLINE="true", YOLO_AUTOINSTALL="false", YOLO_VERBOSE="false")


# ---- Files -----------------------------------------------------------------------------------------------------------------------


def read(path, colour=True):
    """A file's pixels, 8 bits: by OpenCV, and for DICOM by pydicom and the least that makes 12 bits visible."""
    if path.suffix != ".dcm":
        return cv2.imread(str(path), cv2.IMREAD_COLOR if colour else cv2.IMREAD_GRAYSCALE)
    import pydicom

    dataset = pydicom.dcmread(path)
    grey = cv2.normalize(dataset.pixel_array, None, 0, 255, cv2.NORM_MINMAX, cv2.CV_8U)
    if dataset.PhotometricInterpretation == "MONOCHROME1":
        grey = 255 - grey
    return cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR) if colour else grey


def draw(asked, path, image, boxes):
    """The picture with its boxes, as most examples of OpenCV have it."""
    picture = cv2.cvtColor(image, cv2.COLOR_GRAY2BGR) if image.ndim == 2 else image
    for x, y, width, height, score, label in boxes:
        corner = (int(x), int(y))
        cv2.rectangle(picture, corner, (int(x + width), int(y + height)), (0, 200, 255), 2)
        cv2.putText(picture, f"{label} {score:.2f}", corner, cv2.FONT_HERSHEY_SIMPLEX, 0.7, (0, 200, 255), 2)
    cv2.imwrite(os.path.join(asked.out, path.stem + ".jpg"), picture)


def ahead(pool, work, items, count):
    """`work` of each item in order, at most `count` of them begun before they are asked for."""
    items = iter(items)
    waiting = [pool.submit(work, item) for item in itertools.islice(items, count)]
    while waiting:
        yield waiting.pop(0).result()
        waiting += [pool.submit(work, item) for item in itertools.islice(items, 1)]


def batches(items, size):
    items = iter(items)
    while batch := list(itertools.islice(items, size)):
        yield batch


# ---- Ultralytics -----------------------------------------------------------------------------------------------------------------


def quiet_torchvision():
    """torchvision's package also where its compiled operators do not fit the PyTorch, with suppression by OpenCV's in their place."""
    sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "Tests" / "Oracles"))
    import torchvision_without_operators as way
    import torch

    if hasattr(way, "library"):

        def suppressed(boxes, scores, overlap):
            corners = boxes.float().numpy()
            sides = np.hstack([corners[:, :2], corners[:, 2:] - corners[:, :2]])
            kept = cv2.dnn.NMSBoxes(sides, scores.float().numpy(), 0, overlap) if len(corners) else []
            return torch.as_tensor(np.asarray(kept, dtype=np.int64).reshape(-1))

        way.library.impl("nms", suppressed, "CPU")
        way.torchvision.extension._has_ops = lambda: True
    return way.torchvision


def see(network, images, size, forward=None):
    """Statistics for random weights: each layer's values get the spread that they have after training. Nothing is learnt, but scores differ
    from place to place, as they must for a threshold to part them."""
    import torch

    small = [cv2.resize(read(path), (size, size), interpolation=cv2.INTER_AREA) for path in images]
    pictures = torch.from_numpy(np.stack(small)).permute(0, 3, 1, 2).float().div_(255)
    for layer in network.modules():
        if isinstance(layer, torch.nn.BatchNorm2d):
            layer.momentum = 1
    network.train()
    with torch.no_grad():
        (forward or network)(pictures)
    network.eval()


def export_ultralytics(folder, images, size, batch):
    os.environ["YOLO_CONFIG_DIR"] = str(folder)
    quiet_torchvision()
    import torch
    import ultralytics
    import yaml

    # Its own file of the network with as many classes as Pleura's model; the letter in the name asked for is the size of it.
    source = pathlib.Path(ultralytics.__file__).parent / "cfg" / "models" / "11" / "yolo11.yaml"
    target = folder / f"{size}-{batch}"
    target.mkdir(parents=True, exist_ok=True)
    (target / "yolo11.yaml").write_text(yaml.safe_dump(yaml.safe_load(source.read_text()) | {"nc": CLASSES}))
    torch.manual_seed(0)
    os.chdir(target)
    # By a relative path: it takes every letter after a digit for the size.
    model = ultralytics.YOLO("yolo11n.yaml")
    see(model.model, images, size)
    model.export(format="openvino", imgsz=size, batch=batch, verbose=False)


def ultralytics_boxes(asked, paths):
    os.environ["YOLO_CONFIG_DIR"] = str(asked.folder)
    quiet_torchvision()
    import openvino
    import ultralytics

    class Core(openvino.Core):
        """Ultralytics leaves the precision to OpenVINO, which takes bf16 where the processor has it: told here, as Pleura tells it."""

        def __init__(self):
            super().__init__()
            self.set_property("CPU", {"INFERENCE_PRECISION_HINT": asked.precision})

    openvino.Core = Core
    model = ultralytics.YOLO(str(next((asked.folder / f"{asked.size}-{asked.batch}").glob("*_openvino_model"))), task="detect")
    options = {"imgsz": asked.size, "batch": asked.batch, "conf": asked.threshold, "device": "cpu", "verbose": False}

    def said(result):
        corners = result.boxes.xyxy.tolist()
        return [
            [x0, y0, x1 - x0, y1 - y0, score, int(label)]
            for (x0, y0, x1, y1), score, label in zip(corners, result.boxes.conf.tolist(), result.boxes.cls.tolist())]

    if paths[0].suffix != ".dcm":
        saving = {"save": True, "project": asked.out, "name": "pictures", "exist_ok": True} if asked.out else {}
        # A file of paths is read batch by batch, beside the network; a list of them all at once.
        names = asked.folder / f"{os.getpid()}.txt"
        names.write_text("".join(f"{path}\n" for path in paths))
        results = model.predict(str(names), stream=True, **options, **saving)
        for batch in batches(zip(paths, results), asked.batch):
            yield [(path, result.orig_shape[::-1], said(result)) for path, result in batch]
        return
    # DICOM it does not read: arrays, decoded by as many threads as there are cores while the network runs.
    with ThreadPoolExecutor(CORES) as readers, ThreadPoolExecutor(CORES) as writers:
        images = ahead(readers, lambda path: (path, read(path)), paths, asked.batch + CORES)
        written = []
        for batch in batches(images, asked.batch):
            results = model.predict([image for _, image in batch], **options)
            done = [(path, result.orig_shape[::-1], said(result)) for (path, _), result in zip(batch, results)]
            if asked.out:
                written += [
                    writers.submit(lambda path, result: cv2.imwrite(os.path.join(asked.out, path.stem + ".jpg"), result.plot()), path, result)
                    for (path, _), result in zip(batch, results)]
            yield done
        for future in written:
            future.result()


# ---- torchvision -----------------------------------------------------------------------------------------------------------------


class Inputs:
    """A DataLoader's data set: the network's input, the image's size, and the image itself where it is to be drawn on."""

    def __init__(self, paths, size, keeps):
        self.paths, self.size, self.keeps = paths, size, keeps

    def __len__(self):
        return len(self.paths)

    def __getitem__(self, index):
        import torch

        # Grey is enough to read: the three channels are made of the small picture.
        image = read(self.paths[index], colour=False)
        small = cv2.resize(image, (self.size, self.size), interpolation=cv2.INTER_AREA)
        return index, torch.from_numpy(small), image.shape[::-1], torch.from_numpy(image) if self.keeps else None


def as_it_is(items):
    return items


def torchvision_network(threshold):
    return quiet_torchvision().models.detection.ssdlite320_mobilenet_v3_large(
        weights=None, weights_backbone=None, num_classes=CLASSES + 1, score_thresh=threshold)


def save_torchvision(folder, images):
    import torch

    torch.manual_seed(0)
    model = torchvision_network(0)
    # In training the whole detector asks for boxes: its parts do not.
    see(model, images, 320, lambda pictures: model.head(list(model.backbone(pictures).values())))
    torch.save(model.state_dict(), folder / "ssdlite.pth")


def torchvision_boxes(asked, paths):
    import torch

    torch.set_num_threads(CORES)
    model = torchvision_network(asked.threshold)
    model.load_state_dict(torch.load(asked.folder / "ssdlite.pth"))
    model = model.eval().to(memory_format=torch.channels_last)
    loader = torch.utils.data.DataLoader(
        Inputs(paths, 320, bool(asked.out)), batch_size=asked.batch, num_workers=asked.workers, collate_fn=as_it_is,
        worker_init_fn=lambda _: cv2.setNumThreads(1))
    with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16, enabled=asked.precision == "bf16"), ThreadPoolExecutor(CORES) as pool:
        written = []
        for items in loader:
            pictures = torch.stack([small for _, small, _, _ in items])[:, None].expand(-1, 3, -1, -1).float().div_(255)
            done = []
            for (index, _, (width, height), image), said in zip(items, model(list(pictures))):
                scale = torch.tensor([width / 320, height / 320] * 2)
                corners = (said["boxes"].float() * scale).tolist()
                boxes = [
                    [x0, y0, x1 - x0, y1 - y0, score, label]
                    for (x0, y0, x1, y1), score, label in zip(corners, said["scores"].tolist(), said["labels"].tolist())]
                done.append((paths[index], (width, height), boxes))
                if asked.out:
                    written.append(pool.submit(draw, asked, paths[index], image.numpy(), boxes))
            yield done
        for future in written:
            future.result()


# ---- OpenCV ----------------------------------------------------------------------------------------------------------------------


def opencv_network(source, target):
    """Pleura's network as OpenCV 5 can read it: its HardSigmoid gives a wrong shape there, so it is written as the steps it stands for,
    and weights kept in 16 bits are written in 32."""
    import onnx
    from onnx import helper, numpy_helper

    model = onnx.load(source)
    graph = model.graph
    kept = {tensor.name: tensor for tensor in graph.initializer}
    nodes = []
    for node in graph.node:
        if node.op_type == "Cast" and node.input[0] in kept:
            wide = numpy_helper.to_array(kept[node.input[0]]).astype(np.float32)
            graph.initializer.append(numpy_helper.from_array(wide, node.output[0]))
        elif node.op_type == "HardSigmoid":
            factors = {attribute.name: attribute.f for attribute in node.attribute}
            values = {"scale": factors.get("alpha", 0.2), "shift": factors.get("beta", 0.5), "low": 0, "high": 1}
            name = node.output[0]
            for key, value in values.items():
                graph.initializer.append(numpy_helper.from_array(np.array(value, np.float32), f"{name}.{key}"))
            nodes += [
                helper.make_node("Mul", [node.input[0], f"{name}.scale"], [f"{name}.scaled"]),
                helper.make_node("Add", [f"{name}.scaled", f"{name}.shift"], [f"{name}.shifted"]),
                helper.make_node("Clip", [f"{name}.shifted", f"{name}.low", f"{name}.high"], [name])]
        else:
            nodes.append(node)
    del graph.node[:]
    graph.node.extend(nodes)
    for value in [*graph.input, *graph.output]:
        value.type.tensor_type.shape.dim[0].dim_value = 1
    onnx.save(model, target)

    # What it says must be what OpenVINO says of the network as it is.
    import openvino

    image = np.random.default_rng(0).uniform(-1, 1, (1, 1, 320, 320)).astype(np.float32)
    original = openvino.Core().read_model(source)
    original.reshape([1, 1, 320, 320])
    compiled = openvino.Core().compile_model(original, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    expected = compiled(image)
    network = cv2.dnn.readNetFromONNX(str(target))
    network.setInput(image)
    for name, value in opencv_outputs(network).items():
        assert np.abs(value - expected[compiled.output(name)]).max() < 0.01, f"OpenCV's {name} are not OpenVINO's"


def opencv_outputs(network):
    # It gives all outputs or one.
    names = network.getUnconnectedOutLayersNames()
    return dict(zip(names, network.forward(names)))


def opencv_boxes(asked, paths):
    network = cv2.dnn.readNetFromONNX(str(asked.folder / "opencv.onnx"))

    def prepared(path):
        image = read(path, colour=False)
        height, width = image.shape
        scale = 320 / max(height, width)
        size = (round(width * scale), round(height * scale))
        small = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
        low, high = np.percentile(small, (0.5, 99.5))
        shown = np.clip((small.astype(np.float32) - low) / max(high - low, 1), 0, 1)
        left, top = (320 - size[0]) // 2, (320 - size[1]) // 2
        values = cv2.copyMakeBorder(shown, top, 320 - size[1] - top, left, 320 - size[0] - left, cv2.BORDER_CONSTANT, value=0)
        return path, (width, height), (scale, left, top), (values * 2 - 1)[None, None], image if asked.out else None

    with ThreadPoolExecutor(CORES) as readers, ThreadPoolExecutor(CORES) as writers:
        written = []
        for path, size, (scale, left, top), values, image in ahead(readers, prepared, paths, 4 * CORES):
            network.setInput(values)
            outputs = opencv_outputs(network)
            corners, scores = outputs["boxes"][0], outputs["scores"][0]
            places, labels = np.nonzero(scores >= asked.threshold)
            boxes = []
            if len(places):
                sides = (corners[places] - [left, top, left, top]) / scale
                sides[:, 2:] -= sides[:, :2]
                found = scores[places, labels]
                kept = cv2.dnn.NMSBoxesBatched(sides, found, labels.astype(np.int32), asked.threshold, 0.5)
                boxes = [[*map(float, sides[index]), float(found[index]), int(labels[index])] for index in np.ravel(kept)]
            if asked.out:
                written.append(writers.submit(draw, asked, path, image, boxes))
            yield [(path, size, boxes)]
        for future in written:
            future.result()


# ---- The run ---------------------------------------------------------------------------------------------------------------------


def run(asked, boxes_of):
    paths = sorted(asked.images.iterdir())[: asked.count]
    if asked.out:
        os.makedirs(asked.out, exist_ok=True)
    done, first, begin = [], 0, None
    for results in boxes_of(asked, paths):
        done += results
        if begin is None:
            first, begin = len(done), time.perf_counter()
    with open(asked.json, "w") as file:
        json.dump([
            {"image": str(path), "width": size[0], "height": size[1],
             "findings": [{"label": box[5], "score": box[4], "box": box[:4]} for box in boxes]} for path, size, boxes in done], file)
    seconds = time.perf_counter() - begin
    assert len(done) == len(paths), f"{len(done)} of {len(paths)} images were done"
    print(json.dumps({
        "images": len(done), "boxes": sum(len(boxes) for _, _, boxes in done), "first": first, "seconds": seconds}))


def main():
    parser = argparse.ArgumentParser()
    commands = parser.add_subparsers(dest="command", required=True)
    preparing = commands.add_parser("prepare")
    preparing.add_argument("folder", type=pathlib.Path)
    preparing.add_argument("images", type=pathlib.Path)
    preparing.add_argument("--opencv", metavar="MODEL.onnx")
    preparing.add_argument("--torchvision", action="store_true")
    preparing.add_argument("--ultralytics", nargs=2, type=int, metavar=("SIZE", "BATCH"))
    for name in ("ultralytics", "torchvision", "opencv"):
        running = commands.add_parser(name)
        running.add_argument("folder", type=pathlib.Path)
        running.add_argument("images", type=pathlib.Path)
        running.add_argument("json")
        running.add_argument("--precision", choices=["f32", "bf16"], default="f32")
        running.add_argument("--out")
        running.add_argument("--threshold", type=float, default=0.3)
        running.add_argument("--size", type=int, default=320)
        running.add_argument("--batch", type=int, default=1)
        running.add_argument("--workers", type=int, default=0)
        running.add_argument("--count", type=int, help="only so many of the images")
    asked = parser.parse_args()
    if asked.command != "prepare":
        return run(asked, {"ultralytics": ultralytics_boxes, "torchvision": torchvision_boxes, "opencv": opencv_boxes}[asked.command])
    asked.folder = asked.folder.resolve()
    if asked.opencv:
        opencv_network(asked.opencv, asked.folder / "opencv.onnx")
    images = sorted(asked.images.resolve().iterdir())[:16]
    if asked.torchvision:
        save_torchvision(asked.folder, images)
    if asked.ultralytics:
        export_ultralytics(asked.folder, images, *asked.ultralytics)


if __name__ == "__main__":
    main()
