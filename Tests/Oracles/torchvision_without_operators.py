"""torchvision with a PyTorch for which it was not built, such as one without CUDA: its compiled operators (suppression, pooling of regions)
are left out, which its networks up to their outputs do not need."""

import torch

try:
    import torchvision
except RuntimeError:
    # It declares what its operators give for tensors without numbers, and so they have to be known by name.
    library = torch.library.Library("torchvision", "DEF")
    for name in ("nms", "qnms"):
        library.define(f"{name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
    import torchvision
