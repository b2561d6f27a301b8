"""Small files as torch.save writes them, and the numbers that are in them.

    pip install torch==2.13.0 (the CPU build) numpy
    python torch_files_golden.py Tests/ModelGraphTests/Fixtures
"""
import argparse
import collections
import json
import sys

import torch

out = sys.argv[1]
torch.manual_seed(3)
weights = collections.OrderedDict()
weights["conv.weight"] = torch.randn(2, 3, 2, 2)
weights["conv.transposed"] = torch.randn(3, 4).t()
shared = torch.randn(6)
weights["shared.first"] = shared[:4]
weights["shared.rest"] = shared[2:].reshape(2, 2)
weights["half"] = torch.tensor([1.0, -2.5, 6.1e-5, 5.9e-8, float("inf")], dtype=torch.float16)
weights["brain"] = torch.randn(3).bfloat16()
weights["double"] = torch.randn(2, dtype=torch.float64)
weights["count"] = torch.tensor(7)
weights["empty"] = torch.zeros(0, 3)
weights["parameter"] = torch.nn.Parameter(torch.randn(2, 1))
state = {"epoch": 3, "state_dict": weights, "rate": 0.1, "note": "text", "big": 2 ** 40, "none": None, "list": [1, 2, (3,)]}
torch.save(weights, f"{out}/zip.pth")
torch.save(weights, f"{out}/legacy.pth", _use_new_zipfile_serialization=False)
torch.save(state, f"{out}/checkpoint.pth")
values = {name: {"shape": list(tensor.shape), "values": [str(v) for v in tensor.detach().float().flatten().tolist()]} for name, tensor in weights.items()}
json.dump(values, open(f"{out}/torch_files.json", "w"))

# A whole module instead of its state_dict, a training's checkpoint with an optimiser's state (whose keys are numbers) and objects that
# are like lists and dictionaries, and kinds of numbers beside floats; one tensor of each file cannot be read as numbers.
class Residual(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = torch.nn.Conv2d(2, 2, 1)
        self.norm = torch.nn.BatchNorm2d(2)


module = torch.nn.Sequential(torch.nn.Conv2d(1, 2, 3, bias=False), Residual())
for parameter in module.parameters():
    parameter.grad = torch.randn_like(parameter)
optimiser = torch.optim.AdamW(module.parameters(), lr=0.1)
optimiser.step()
kinds = collections.OrderedDict()
kinds["bytes"] = torch.tensor([0, 200, 255], dtype=torch.uint8)
kinds["signed"] = torch.tensor([-128, 3], dtype=torch.int8)
kinds["short"] = torch.tensor([[-32768, 5]], dtype=torch.int16)
kinds["flags"] = torch.tensor([True, False, True])
kinds["complex"] = torch.tensor([1 + 2j])
state = {
    "model": module.state_dict(), "optimizer": optimiser.state_dict(), "kinds": kinds, "namespace": argparse.Namespace(lr=0.1, names={"a"}),
    "counts": collections.defaultdict(int, {"a": 1}), "queue": collections.deque([1, 2]), "list": [torch.ones(2)],
}


def golden(name, tensors):
    values = {n: {"shape": list(t.shape), "values": [str(v) for v in t.detach().float().flatten().tolist()]} for n, t in tensors.items()}
    json.dump(values, open(f"{out}/{name}.json", "w"))


torch.save(module, f"{out}/module_zip.pth")
torch.save(state, f"{out}/training_zip.pth")
torch.save(state, f"{out}/training_legacy.pth", _use_new_zipfile_serialization=False)
golden("module", module.state_dict())
tensors = {f"model.{n}": t for n, t in module.state_dict().items()} | {f"kinds.{n}": t for n, t in kinds.items() if n != "complex"}
for index, entry in optimiser.state_dict()["state"].items():
    tensors |= {f"optimizer.state.{index}.{n}": t for n, t in entry.items()}
golden("training", tensors | {"list.0": torch.ones(2)})
