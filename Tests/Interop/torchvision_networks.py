"""torchvision's networks, with weights and numbers of their own, for TorchvisionInteropTests.

    torchvision_networks.py NETWORK OUT_DIR

Writes OUT_DIR/weights.pth (the state_dict, as torch.save writes it) and OUT_DIR/outputs.pth: `input` [1, 1, H, W], a grey picture, and what the
network makes of it where its three colours are that picture. Every normalisation has statistics, scales and shifts of its own.
"""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "Oracles"))
import torch
from torch import nn
from torchvision_without_operators import torchvision

detection = torchvision.models.detection


def lively(network, side):
    """Random weights whose activations neither die nor explode: each normalisation learns its statistics from a batch."""
    for module in network.modules():
        if isinstance(module, nn.BatchNorm2d):
            nn.init.uniform_(module.weight, 0.5, 1.5)
            nn.init.normal_(module.bias, 0, 0.2)
            module.momentum = 1.0
    network.train()
    with torch.no_grad():
        run(network, torch.randn(2, 1, side, side))
    return network.eval()


def run(network, grey):
    return forward(network, grey.expand(-1, 3, -1, -1))


def resnet(network, x):
    x = network.layer1(network.maxpool(network.relu(network.bn1(network.conv1(x)))))
    maps = []
    for layer in (network.layer2, network.layer3, network.layer4):
        x = layer(x)
        maps.append(x)
    return {f"map_{i}": m for i, m in enumerate(maps)}


def mobilenet_v2(network, x):
    """The maps of a pyramid, and the expansion that a single-shot detector reads."""
    outputs = {}
    for index, layer in enumerate(network.features):
        if index == 14:
            outputs["expansion"] = layer.conv[0](x)
        x = layer(x)
        if index in (6, 13, 18):
            outputs[f"map_{len([k for k in outputs if k != 'expansion'])}"] = x
    return outputs


def mobilenet_v3(network, x):
    outputs = {}
    for index, layer in enumerate(network.features):
        if index == 13:
            outputs["map_0"] = layer.block[0](x)
        x = layer(x)
    return outputs | {"map_1": x}


def ssdlite(network, x):
    maps = list(network.backbone(x).values())
    outputs = network.head(maps)
    return {"encodings": outputs["bbox_regression"], "logits": outputs["cls_logits"], "sizes": torch.tensor([m.shape[-1] for m in maps])}


def retinanet(network, x):
    outputs = network.head(list(network.backbone(x).values()))
    return {"encodings": outputs["bbox_regression"], "logits": outputs["cls_logits"]}


def fcos(network, x):
    maps = list(network.backbone(x).values())
    head = network.head
    # Before the ReLU, which our head does not have.
    boxes = [head.regression_head.bbox_reg(head.regression_head.conv(m)).permute(0, 2, 3, 1).reshape(len(m), -1, 4) for m in maps]
    outputs = head(maps)
    return {"encodings": torch.cat(boxes, 1), "logits": outputs["cls_logits"], "quality": outputs["bbox_ctrness"]}


def batch_normalised_fcos():
    """torchvision's FCOS with batch instead of group normalisation in its towers."""
    network = detection.fcos_resnet50_fpn(weights=None, weights_backbone=None, num_classes=5)
    channels = network.backbone.out_channels
    norm = lambda count: nn.BatchNorm2d(count, eps=1e-3)
    for name, head in (("classification_head", "FCOSClassificationHead"), ("regression_head", "FCOSRegressionHead")):
        tower = getattr(network.head, name).conv
        for index, layer in enumerate(tower):
            if isinstance(layer, nn.GroupNorm):
                tower[index] = norm(channels)
    return network


def lite(name):
    """EfficientNet-Lite by its published table (TensorFlow's SAME padding, epsilon 0.001), for a file of weights of its PyTorch port."""
    width, depth = {"lite0": (1.0, 1.0), "lite1": (1.0, 1.1), "lite2": (1.1, 1.2)}[name]
    state = torch.load(sys.argv[3])

    def rounded(count):
        scaled = max(8, int(count * width + 4) // 8 * 8)
        return scaled + 8 if scaled < 0.9 * count * width else scaled

    def unit(x, conv, norm, stride=1, activate=True):
        weight = state[conv + ".weight"]
        kernel = weight.shape[-1]
        pads = []
        for size in (x.shape[-1], x.shape[-2]):
            total = max(0, (-(-size // stride) - 1) * stride + kernel - size)
            pads += [total // 2, total - total // 2]
        groups = x.shape[1] // weight.shape[1]
        y = nn.functional.conv2d(nn.functional.pad(x, pads), weight, stride=stride, groups=groups)
        y = nn.functional.batch_norm(y, *(state[f"{norm}.{k}"] for k in ("running_mean", "running_var", "weight", "bias")), eps=1e-3)
        return y.clamp(0, 6) if activate else y

    def network(x):
        x = unit(x, "_conv_stem", "_bn0", stride=2)
        block = 0
        outputs = {}
        stages = [(1, 1, 1, 16), (2, 2, 6, 24), (2, 2, 6, 40), (3, 2, 6, 80), (3, 1, 6, 112), (4, 2, 6, 192), (1, 1, 6, 320)]
        for stage, (repeats, stride, expansion, channels) in enumerate(stages):
            for number in range(repeats if stage in (0, 6) else -int(-(repeats * depth) // 1)):
                name = f"_blocks.{block}"
                y = unit(x, f"{name}._expand_conv", f"{name}._bn0") if expansion > 1 else x
                step = stride if number == 0 else 1
                y = unit(y, f"{name}._depthwise_conv", f"{name}._bn1", stride=step)
                y = unit(y, f"{name}._project_conv", f"{name}._bn2", activate=False)
                assert y.shape[1] == rounded(channels)
                x = x + y if step == 1 and x.shape[1] == y.shape[1] else y
                block += 1
            if stage in (2, 4, 6):
                outputs[f"map_{len(outputs)}"] = x
        return outputs

    return network


models = torchvision.models
nothing = {"weights": None, "weights_backbone": None, "num_classes": 5}
networks = {
    "resnet18": (models.resnet18, resnet, 128),
    "resnet34": (models.resnet34, resnet, 128),
    "resnet50": (models.resnet50, resnet, 128),
    "mobilenet_v2": (models.mobilenet_v2, mobilenet_v2, 128),
    # Odd sizes all the way down: TensorFlow's and PyTorch's paddings are then the same.
    "mobilenet_v3_large": (lambda: models.mobilenet_v3_large(reduced_tail=True), mobilenet_v3, 257),
    "ssdlite320_mobilenet_v3_large": (lambda: detection.ssdlite320_mobilenet_v3_large(**nothing), ssdlite, 513),
    "retinanet_resnet50_fpn": (lambda: detection.retinanet_resnet50_fpn(**nothing), retinanet, 256),
    "fcos_resnet50_fpn": (batch_normalised_fcos, fcos, 256),
}

torch.manual_seed(7)
torch.set_num_threads(2)
name, out = sys.argv[1:3]
if name.startswith("lite"):
    side, network, forward = 160, lite(name), lambda network, x: network(x)
else:
    make, forward, side = networks[name]
    network = make()
    if len(sys.argv) > 3:
        network.load_state_dict(torch.load(sys.argv[3]))
        network.eval()
    else:
        network = lively(network, side)
        torch.save(network.state_dict(), f"{out}/weights.pth")
grey = torch.rand(1, 1, side, side) * 2 - 1
with torch.no_grad():
    outputs = run(network, grey)
torch.save({"input": grey} | {k: v.float().contiguous() for k, v in outputs.items()}, f"{out}/outputs.pth")
