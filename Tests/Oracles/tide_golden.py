"""Golden values of TIDE's kinds of error, by its authors' own program.

    pip install tidecv==1.0.1 opencv-python-headless
    python tide_golden.py > Tests/EvaluationTests/Fixtures/tide.json

Random boxes: truth [image, class, x, y, width, height], detections [image, class, x, y, width, height, score], all scores different;
every class has truth that stays when what is missed is taken away. Shares are in percent, as the program gives them. The program's
recalls are x / 100, COCO's x * 0.01, which differ in the last bit: sets in which a share of the boxes falls between are left out.
"""
import json
import random

from tidecv import TIDE, Data

random.seed(11)
cases = []
while len(cases) < 15:
    images, classes = random.randint(2, 12), random.randint(1, 5)
    truth, detections = [], []
    for image in range(images):
        places = []
        for _ in range(random.randint(0, 4)):
            width, height = random.uniform(20, 150), random.uniform(20, 150)
            places.append([random.uniform(0, 400), random.uniform(0, 400), width, height])
            truth.append([image, random.randrange(classes), *(round(value, 2) for value in places[-1])])
            if random.random() < .2:  # Two findings at one place.
                truth.append([image, random.randrange(classes), *(round(value + random.uniform(0, 9), 2) for value in places[-1])])
        for _ in range(random.randint(0, 14)):
            own = [row for row in truth if row[0] == image]
            if own and random.random() < .75:
                near, shift = random.choice(own), random.choice([.02, .1, .25])
                box = [near[2 + k] + random.gauss(0, shift) * near[4 + k % 2] for k in range(2)]
                box += [near[4 + k] * (1 + abs(random.gauss(0, shift))) for k in range(2)]
                index = near[1] if random.random() < .7 else random.randrange(classes)
            else:
                box, index = [random.uniform(0, 400), random.uniform(0, 400), random.uniform(10, 150), random.uniform(10, 150)], random.randrange(classes)
            detections.append([image, index, *(round(value, 2) for value in box), round(random.random(), 7)])
    if len({row[6] for row in detections}) < len(detections):
        continue

    ground, found = Data("truth"), Data("found")
    for image in range(images):
        ground.add_image(image, str(image))
        found.add_image(image, str(image))
    for image, index, *box in truth:
        ground.add_ground_truth(image, index, box)
    for image, index, *box, score in detections:
        found.add_detection(image, index, score, box)
    run = TIDE().evaluate(ground, found, mode=TIDE.BOX)
    left = {index: value - len(run.false_negatives.get(index, [])) for index, value in run.ap_data.get_gt_positives().items()}
    if set(left) != set(range(classes)) or min(left.values()) < 1:
        continue
    counts = {count for index, most in run.ap_data.get_gt_positives().items() for count in range(left[index], most + 1)}
    if any((k / n < x * .01) != (k / n < x / 100) for n in counts for k in range(n + 1) for x in range(100)):
        continue
    cases.append({
        "images": images, "classes": classes, "truth": truth, "detections": detections, "ap50": run.ap,
        "counts": {kind.short_name: count for kind, count in run.count_errors().items()},
        "gains": {kind.short_name: gain for kind, gain in {**run.fix_main_errors(), **run.fix_special_errors()}.items()},
    })
print(json.dumps(cases))
