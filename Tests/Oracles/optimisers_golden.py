"""What torch.optim makes of given gradients: the weights after every update.

    pip install torch==2.13.0 (the CPU build) numpy
    python optimisers_golden.py Tests/TensorsTests/Fixtures
"""
import json
import sys

import torch

COUNT, STEPS = 6, 6


def run(name, optimiser, decays, **options):
    """Two groups, the second at 0.3 of the rate; its second parameter gets no gradient in the first two updates."""
    generator = torch.Generator().manual_seed(11)
    decoupled = options.pop("decoupled", False)
    groups = [[torch.randn(COUNT, generator=generator)], [torch.randn(COUNT, generator=generator) for _ in range(2)]]
    start = [p.tolist() for group in groups for p in group]
    factors = [1, 0.3]
    for group in groups:
        for p in group:
            p.requires_grad_(True)
    engine = optimiser(
        [{"params": group, "lr": 0.1, "weight_decay": 0 if decoupled else decay} for group, decay in zip(groups, decays)], **options)
    rates, gradients, weights = [], [], []
    for step in range(STEPS):
        rate = 0.05 / (1 + step)
        rates.append(rate)
        given = []
        for group, factor, decay, settings in zip(groups, factors, decays, engine.param_groups):
            settings["lr"] = rate * factor
            for number, p in enumerate(group):
                g = torch.randn(COUNT, generator=generator)
                p.grad = None if number == 1 and step < 2 else g
                given.append(None if p.grad is None else g.tolist())
                if decoupled and p.grad is not None:
                    with torch.no_grad():
                        p.mul_(1 - rate * factor * decay)
        engine.step()
        gradients.append(given)
        weights.append([p.tolist() for group in groups for p in group])
    return {"name": name, "decays": decays, "factors": factors, "start": start, "rates": rates, "gradients": gradients, "weights": weights}


out = [
    run("adamw", torch.optim.AdamW, [0.1, 0.0]),
    run("sgd", torch.optim.SGD, [0.0, 0.0]),
    run("sgd decay", torch.optim.SGD, [0.3, 0.0]),
    run("sgd momentum", torch.optim.SGD, [0.3, 0.1], momentum=0.9),
    run("sgd nesterov", torch.optim.SGD, [0.3, 0.1], momentum=0.8, nesterov=True),
    run("sgd decoupled", torch.optim.SGD, [0.3, 0.1], momentum=0.9, decoupled=True),
]
with open(f"{sys.argv[1]}/optimisers.json", "w") as file:
    json.dump({"torch": torch.__version__, "runs": out}, file)
    file.write("\n")
