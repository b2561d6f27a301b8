"""What other programs call the tensors of networks, and their shapes, in the order of the state_dict, which is that of the layers.

    pip install torch==2.13.0 torchvision==0.28.0 timm==1.0.31
    python weight_names.py Tests/NetworksTests/Fixtures
"""
import sys

import torch
from torchvision_without_operators import torchvision  # must be first

import timm

detection = torchvision.models.detection


def detector(make):
    return make(weights=None, weights_backbone=None)


networks = {
    "torchvision resnet18": torchvision.models.resnet18(),
    "torchvision resnet34": torchvision.models.resnet34(),
    "torchvision resnet50": torchvision.models.resnet50(),
    "torchvision mobilenet_v2": torchvision.models.mobilenet_v2(),
    "torchvision mobilenet_v3_large": torchvision.models.mobilenet_v3_large(),
    "torchvision densenet121": torchvision.models.densenet121(),
    "torchvision ssdlite320_mobilenet_v3_large": detector(detection.ssdlite320_mobilenet_v3_large),
    "torchvision retinanet_resnet50_fpn": detector(detection.retinanet_resnet50_fpn),
    "torchvision fcos_resnet50_fpn": detector(detection.fcos_resnet50_fpn),
    "timm resnet18": timm.create_model("resnet18"),
    "timm mobilenetv2_100": timm.create_model("mobilenetv2_100"),
    "timm mobilenetv3_large_100": timm.create_model("mobilenetv3_large_100"),
    "timm tf_efficientnet_lite0": timm.create_model("tf_efficientnet_lite0"),
    "timm tf_efficientnet_lite1": timm.create_model("tf_efficientnet_lite1"),
    "timm tf_efficientnet_lite2": timm.create_model("tf_efficientnet_lite2"),
}
with open(f"{sys.argv[1]}/weight_names.txt", "w") as out:
    for name, network in networks.items():
        print(f"# {name}", file=out)
        for key, tensor in network.state_dict().items():
            print(key, "x".join(str(n) for n in tensor.shape), file=out)

# A training's checkpoint of a network on several GPUs, cut down to its first layers, in half precision.
torch.manual_seed(5)
stem = {k: v for k, v in torchvision.models.resnet18().state_dict().items() if k.startswith(("conv1", "bn1"))}
checkpoint = {"epoch": 3, "state_dict": {f"module.{k}": v.half() if v.is_floating_point() else v for k, v in stem.items()}}
torch.save(checkpoint, f"{sys.argv[1]}/resnet18_stem.pth")
with open(f"{sys.argv[1]}/resnet18_stem.txt", "w") as out:
    weight = checkpoint["state_dict"]["module.conv1.weight"].float()
    print(*(float(x) for x in weight.sum(dim=1).flatten()[:64]), file=out)
