"""Golden values of weighted box fusion, by its authors' own program.

    pip install ensemble-boxes==1.0.9
    python fusion_golden.py > Tests/FindingsTests/Fixtures/fusion.json

Random boxes of three sources, two classes, as corners in 0..1; what the program makes of them with equal weights.
"""
import json
import random

from ensemble_boxes import weighted_boxes_fusion

random.seed(5)
cases = []
for number in range(30):
    boxes, scores, labels = [], [], []
    places = [tuple(round(random.uniform(*span), 4) for span in ((0, .7), (0, .7), (.1, .3), (.1, .3))) for _ in range(random.randint(1, 5))]
    for source in range(3):
        boxes.append([]), scores.append([]), labels.append([])
        for x, y, w, h in places:
            for _ in range(random.choice([0, 1, 1, 2])):
                jitter = lambda: round(random.uniform(-.03, .03), 4)
                x0, y0 = max(0, x + jitter()), max(0, y + jitter())
                boxes[-1].append([round(v, 4) for v in (x0, y0, min(1, x0 + w + jitter()), min(1, y0 + h + jitter()))])
                scores[-1].append(round(random.uniform(.05, 1), 4))
                labels[-1].append(random.randint(0, 1))
    threshold = random.choice([.4, .55, .7])
    fused = weighted_boxes_fusion(boxes, scores, labels, weights=None, iou_thr=threshold, skip_box_thr=0.0)
    cases.append({"threshold": threshold, "boxes": boxes, "scores": scores, "labels": labels,
                  "fused": [[*(round(float(v), 7) for v in box), round(float(score), 7), int(label)] for box, score, label in zip(*fused)]})
print(json.dumps(cases))
