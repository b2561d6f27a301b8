"""Small files as torch.save writes them, and the numbers that are in them.

    pip install torch==2.13.0 (the CPU build) numpy
    python torch_files_golden.py Tests/ModelGraphTests/Fixtures
"""
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
