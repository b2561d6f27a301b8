"""A training's steps by PyTorch and torchvision, for `make bench-train` (Benchmarks/training.py).

    training_peer.py DATASET NETWORK --precision f32|bf16 [--channels-last] [--workers 1] [--threads 2] [--warm-up 5] [--steps 20]

NETWORK is one of Pleura's presets, `ssdlite-mobilenet` or `retina-resnet18`: torchvision's MobileNetV3-Large with its SSDLite extractor
and head, and torchvision's ResNet-18 under its feature pyramid with the towers that the preset has. Both take one channel, as Pleura's do,
and have as many anchors. Losses are torchvision's focal loss and generalised IoU; the optimiser is the fused AdamW, the average of the
weights that of `swa_utils`, both in one pass over all tensors.

Pictures are decoded once and kept in memory (`--decode` reads each from its file every time); a DataLoader makes the batches.
Prints JSON: images, seconds and processor seconds of the steps after the warm-up, multiplications of one image's forward pass.
"""

import argparse
import json
import multiprocessing
import os
import pathlib
import sys
import time
from functools import partial

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "Tests" / "Oracles"))
import numpy as np
import torch
from PIL import Image
from torch import nn
from torch.nn.functional import binary_cross_entropy_with_logits
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn
from torch.utils.flop_counter import FlopCounterMode
from torchvision_without_operators import torchvision
from torchvision import tv_tensors
from torchvision.models import detection
from torchvision.models.detection._utils import BoxCoder, Matcher
from torchvision.models.detection.ssdlite import SSDLiteHead, _mobilenet_extractor
from torchvision.ops import FeaturePyramidNetwork, box_iou, generalized_box_iou_loss, sigmoid_focal_loss
from torchvision.ops.feature_pyramid_network import LastLevelP6P7
from torchvision.transforms import v2


# ---- Pictures --------------------------------------------------------------------------------------------------------------------


class Pictures(torch.utils.data.Dataset):
    """The images of a dataset directory: 8-bit grey of percentiles 0.5 to 99.5, at most `kept` pixels long, and then changed."""

    def __init__(self, folder, side, kept, decodes):
        folder = pathlib.Path(folder)
        document = json.loads((folder / "annotations.json").read_text())
        self.columns = {category["id"]: column for column, category in enumerate(document["categories"])}
        boxes = {image["id"]: [] for image in document["images"]}
        for annotation in document["annotations"]:
            boxes[annotation["image_id"]].append(annotation)
        self.kept = kept
        self.items = [(folder / "images" / image["file_name"], boxes[image["id"]]) for image in document["images"]]
        self.decoded = None if decodes else [self.read(*item) for item in self.items]
        self.change = v2.Compose([
            v2.RandomHorizontalFlip(0.5),
            v2.RandomResizedCrop((side, side), scale=(0.42, 1), ratio=(0.9, 1.1), antialias=True),
            v2.ColorJitter(brightness=0.08, contrast=0.2),
            v2.SanitizeBoundingBoxes(min_size=2),
            v2.ToDtype({tv_tensors.Image: torch.float32, "others": None}, scale=True),
            v2.Normalize([0.5], [0.5]),
        ])

    def read(self, path, annotations):
        grey = np.asarray(Image.open(path)).astype(np.float32)
        low, high = np.percentile(grey, [0.5, 99.5])
        picture = torch.from_numpy(((grey - low) / max(high - low, 1) * 255).clip(0, 255).astype(np.uint8))[None]
        height, width = grey.shape
        factor = min(1, self.kept / max(height, width))
        size = [int(height * factor), int(width * factor)]
        if factor < 1:
            picture = v2.functional.resize(picture, size, antialias=True)
        corners = torch.tensor([a["bbox"] for a in annotations], dtype=torch.float32).reshape(-1, 4)
        corners[:, 2:] += corners[:, :2]
        return picture, corners * factor, torch.tensor([self.columns[a["category_id"]] for a in annotations], dtype=torch.int64)

    def __len__(self):
        return len(self.items)

    def __getitem__(self, index):
        picture, corners, labels = self.decoded[index] if self.decoded else self.read(*self.items[index])
        changed = self.change({
            "image": tv_tensors.Image(picture),
            "boxes": tv_tensors.BoundingBoxes(corners, format="XYXY", canvas_size=tuple(picture.shape[-2:])),
            "labels": labels,
        })
        return changed["image"].as_subclass(torch.Tensor), changed["boxes"].as_subclass(torch.Tensor), changed["labels"]


def collate(items):
    images, boxes, labels = zip(*items)
    return torch.stack(images), boxes, labels


# ---- Networks --------------------------------------------------------------------------------------------------------------------


class SSDLite(nn.Module):
    side, kept, batch, rate = 320, 512, 16, 0.001

    def __init__(self, classes):
        super().__init__()
        norm = partial(nn.BatchNorm2d, eps=0.001, momentum=0.03)
        backbone = torchvision.models.mobilenet_v3_large(weights=None, norm_layer=norm, reduced_tail=True)
        backbone.features[0][0] = nn.Conv2d(1, 16, 3, 2, 1, bias=False)
        self.backbone = _mobilenet_extractor(backbone, 6, norm)
        self.head = SSDLiteHead([672, 480, 512, 256, 256, 128], [3, 6, 6, 6, 6, 6], classes, norm)
        for level in self.head.classification_head.module_list:
            nn.init.constant_(level[1].bias, -4.595)
        self.register_buffer("anchors", self.make_anchors(), persistent=False)
        self.matcher = Matcher(0.5, 0.4, allow_low_quality_matches=True)
        self.coder = BoxCoder((10.0, 10.0, 5.0, 5.0), bbox_xform_clip=4.0)

    def make_anchors(self):
        rows = []
        scales = [0.2 + 0.15 * level for level in range(6)] + [1.0]
        for level, size in enumerate([20, 10, 5, 3, 2, 1]):
            shapes = [(0.1, 1), (0.2, 2), (0.2, 0.5)] if level == 0 else (
                [(scales[level], aspect) for aspect in (1, 2, 0.5, 3, 1 / 3)] + [((scales[level] * scales[level + 1]) ** 0.5, 1)])
            for row in range(size):
                for column in range(size):
                    for scale, aspect in shapes:
                        width, height = scale * aspect ** 0.5, scale / aspect ** 0.5
                        x, y = (column + 0.5) / size, (row + 0.5) / size
                        rows.append([x - width / 2, y - height / 2, x + width / 2, y + height / 2])
        return torch.tensor(rows) * self.side

    def forward(self, images):
        outputs = self.head(list(self.backbone(images).values()))
        return outputs["cls_logits"], outputs["bbox_regression"]

    def assign(self, corners):
        """A box's index for each anchor, -1 for none, -2 for a place that takes no part."""
        return self.matcher(box_iou(corners, self.anchors))

    def loss(self, outputs, boxes, labels):
        logits, encodings = (output.float() for output in outputs)
        targets, mask, rows, truth, _ = dense_targets(self, logits, boxes, labels)
        amount = max(1, len(rows))
        score = (sigmoid_focal_loss(logits, targets, alpha=0.25, gamma=2) * mask).sum() / amount
        anchors = self.anchors.repeat(len(boxes), 1)[rows]
        found = self.coder.decode_single(encodings.reshape(-1, 4)[rows], anchors)
        box = generalized_box_iou_loss(found, truth, reduction="sum") / amount
        return score, box


class RetinaNet(nn.Module):
    side, kept, batch, rate = 512, 768, 8, 0.0005
    channels, depth, strides = 128, 2, [8, 16, 32, 64, 128]

    def __init__(self, classes):
        super().__init__()
        backbone = torchvision.models.resnet18(weights=None)
        backbone.conv1 = nn.Conv2d(1, 64, 7, 2, 3, bias=False)
        self.backbone = torchvision.models._utils.IntermediateLayerGetter(
            backbone, {"layer2": "0", "layer3": "1", "layer4": "2"})
        self.pyramid = FeaturePyramidNetwork([128, 256, 512], self.channels, LastLevelP6P7(self.channels, self.channels))
        self.score_tower, self.box_tower = Tower(self), Tower(self)
        self.scores = nn.Conv2d(self.channels, classes, 3, padding=1)
        self.boxes = nn.Conv2d(self.channels, 4, 3, padding=1)
        self.quality = nn.Conv2d(self.channels, 1, 3, padding=1)
        self.scales = nn.Parameter(torch.ones(len(self.strides)))
        nn.init.constant_(self.scores.bias, -4.595)
        nn.init.constant_(self.boxes.bias, 1.4)
        points, sizes = [], []
        for stride in self.strides:
            middles = (torch.arange(-(-self.side // stride)) + 0.5) * stride
            y, x = torch.meshgrid(middles, middles, indexing="ij")
            points.append(torch.stack([x.flatten(), y.flatten()], 1))
            sizes.append(torch.full((len(points[-1]), 1), float(stride)))
        self.counts = [len(level) for level in points]
        self.register_buffer("points", torch.cat(points), persistent=False)
        self.register_buffer("sizes", torch.cat(sizes), persistent=False)
        self.register_buffer("anchors", torch.cat([self.points - 4 * self.sizes, self.points + 4 * self.sizes], 1), persistent=False)

    def forward(self, images):
        maps = self.pyramid(self.backbone(images)).values()
        outputs = ([], [], [])
        for level, map in enumerate(maps):
            kinds, places = self.score_tower(map, level), self.box_tower(map, level)
            for output, value in zip(outputs, (self.scores(kinds), self.boxes(places), self.quality(places))):
                value = value.permute(0, 2, 3, 1).flatten(1, 2)
                output.append(value * self.scales[level] if output is outputs[1] else value)
        return [torch.cat(output, 1) for output in outputs]

    def assign(self, corners):
        """ATSS: of each level's nine nearest points, those that overlap more than the mean and the deviation."""
        overlaps = box_iou(corners, self.anchors)
        middles = (corners[:, :2] + corners[:, 2:]) / 2
        distances = torch.cdist(middles, self.points)
        near = []
        start = 0
        for count in self.counts:
            near.append(distances[:, start:start + count].topk(min(9, count), dim=1, largest=False).indices + start)
            start += count
        near = torch.cat(near, 1)
        chosen = overlaps.gather(1, near)
        threshold = chosen.mean(1, keepdim=True) + chosen.std(1, keepdim=True)
        points = self.points[near]
        inside = ((points > corners[:, None, :2]) & (points < corners[:, None, 2:])).all(2)
        best = chosen.argmax(1, keepdim=True)
        fits = ((chosen >= threshold) & inside).scatter(1, best, True)
        values = torch.full_like(overlaps, -1).scatter(1, near, torch.where(fits, chosen, -1))
        top, box = values.max(0)
        return torch.where(top >= 0, box, -1)

    def loss(self, outputs, boxes, labels):
        logits, encodings, quality = (output.float() for output in outputs)
        targets, mask, rows, truth, places = dense_targets(self, logits, boxes, labels)
        amount = max(1, len(rows))
        score = (sigmoid_focal_loss(logits, targets, alpha=0.25, gamma=2) * mask).sum() / amount
        distances = encodings.reshape(-1, 4)[rows].clamp(-4, 4).exp() * self.sizes[places]
        points = self.points[places]
        found = torch.cat([points - distances[:, :2], points + distances[:, 2:]], 1)
        box = generalized_box_iou_loss(found, truth, reduction="sum") / amount
        with torch.no_grad():
            low, high = torch.maximum(found[:, :2], truth[:, :2]), torch.minimum(found[:, 2:], truth[:, 2:])
            common = (high - low).clamp(min=0).prod(1)
            fit = common / ((found[:, 2:] - found[:, :2]).prod(1) + (truth[:, 2:] - truth[:, :2]).prod(1) - common + 1e-6)
        said = binary_cross_entropy_with_logits(quality.reshape(-1)[rows], fit, reduction="sum") / amount
        return score, box, said


class Tower(nn.Module):
    def __init__(self, shape):
        super().__init__()
        self.convolutions = nn.ModuleList(
            nn.Conv2d(shape.channels, shape.channels, 3, padding=1, bias=False) for _ in range(shape.depth))
        self.norms = nn.ModuleList(
            nn.ModuleList(nn.BatchNorm2d(shape.channels, eps=0.001, momentum=0.03) for _ in range(shape.depth)) for _ in shape.strides)

    def forward(self, x, level):
        for convolution, norm in zip(self.convolutions, self.norms[level]):
            x = torch.relu(norm(convolution(x)))
        return x


@torch.no_grad()
def dense_targets(network, logits, boxes, labels):
    """One-hot scores, a mask, the rows that answer for a box, their boxes, and their places among the anchors."""
    batch, count, classes = logits.shape
    targets, mask = torch.zeros(batch, count, classes), torch.ones(batch, count, 1)
    rows, truth, places = [], [], []
    for image, (corners, kinds) in enumerate(zip(boxes, labels)):
        if not len(corners):
            continue
        assigned = network.assign(corners)
        mask[image, assigned == -2] = 0
        found = (assigned >= 0).nonzero().squeeze(1)
        index = assigned[found]
        targets[image, found, kinds[index]] = 1
        rows.append(found + image * count)
        places.append(found)
        truth.append(corners[index])
    if not rows:
        return targets, mask, torch.zeros(0, dtype=torch.int64), torch.zeros(0, 4), torch.zeros(0, dtype=torch.int64)
    return targets, mask, torch.cat(rows), torch.cat(truth), torch.cat(places)


networks = {"ssdlite-mobilenet": SSDLite, "retina-resnet18": RetinaNet}


# ---- Training --------------------------------------------------------------------------------------------------------------------


def processor_seconds():
    """Of this process and of the loader's."""
    ticks = sum(os.times()[:2])
    for child in multiprocessing.active_children():
        try:
            fields = pathlib.Path(f"/proc/{child.pid}/stat").read_text().rpartition(")")[2].split()
            ticks += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        except OSError:
            pass
    return ticks


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("dataset")
    parser.add_argument("network", choices=networks)
    parser.add_argument("--precision", choices=["f32", "bf16"], required=True)
    parser.add_argument("--channels-last", action="store_true")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--batch", type=int)
    parser.add_argument("--warm-up", type=int, default=5)
    parser.add_argument("--steps", type=int, default=20)
    parser.add_argument("--decode", action="store_true")
    asked = parser.parse_args()

    torch.set_num_threads(asked.threads)
    torch.manual_seed(1)
    shape = networks[asked.network]
    batch = asked.batch or shape.batch
    pictures = Pictures(asked.dataset, shape.side, shape.kept, asked.decode)
    network = shape(len(pictures.columns))
    with torch.no_grad(), FlopCounterMode(display=False) as flops:
        network.eval()(torch.zeros(1, 1, shape.side, shape.side))
    network.train()
    layout = torch.channels_last if asked.channels_last else torch.contiguous_format
    network.to(memory_format=layout)

    # No decay of what has one axis, and a lower rate for the backbone.
    groups = {}
    for name, parameter in network.named_parameters():
        key = (name.startswith("backbone"), parameter.ndim > 1)
        groups.setdefault(key, []).append(parameter)
    optimiser = torch.optim.AdamW(
        [{"params": group, "lr": shape.rate * (0.3 if key[0] else 1), "weight_decay": 0.02 if key[1] else 0}
         for key, group in groups.items()], fused=True)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: min(1, (step + 1) / 100))
    average = AveragedModel(network, multi_avg_fn=get_ema_multi_avg_fn(0.998), use_buffers=True)

    total = asked.warm_up + asked.steps
    sampler = torch.utils.data.RandomSampler(pictures, replacement=True, num_samples=total * batch)
    loader = torch.utils.data.DataLoader(
        pictures, batch_size=batch, sampler=sampler, collate_fn=collate, num_workers=asked.workers)
    for step, (images, boxes, labels) in enumerate(loader, 1):
        images = images.contiguous(memory_format=layout)
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=asked.precision == "bf16"):
            outputs = network(images)
        parts = network.loss(outputs, boxes, labels)
        loss = sum(parts)
        said = [part.item() for part in (loss, *parts)]
        if not np.isfinite(said[0]):
            sys.exit(f"step {step}: the loss is {said[0]}")
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 10).item()
        optimiser.step()
        optimiser.zero_grad(set_to_none=True)
        schedule.step()
        average.update_parameters(network)
        if step == asked.warm_up:
            first = time.perf_counter(), processor_seconds()
        if step == total:
            last = time.perf_counter(), processor_seconds()

    print(json.dumps({
        "engine": f"PyTorch {torch.__version__}", "images": asked.steps * batch, "seconds": last[0] - first[0],
        "processor_seconds": last[1] - first[1], "multiplications": flops.get_total_flops() / 2, "loss": said[0],
    }))


if __name__ == "__main__":
    main()
