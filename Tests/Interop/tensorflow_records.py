"""TensorFlow's side of TensorFlowInteropTests (`make test-interop`).

    tensorflow_records.py read FILE...      what tf.data makes of records, as JSON on standard output
    tensorflow_records.py write DIR SEED    writes shards and a label map, and says as JSON what is in them
    tensorflow_records.py golden            the record file of TFRecordGoldenTests, in base64
"""

import base64
import hashlib
import json
import os
import random
import sys
import tempfile

from object_detection_api import SPECIFICATION, boxes, example, numbers, texts, tf

NAMES = {1: "Effusion", 3: "Mass", 4: "Nodule"}


def read(files):
    images = []
    # One shard after the other, as they are named; the reader checks the checksums.
    for record in tf.data.TFRecordDataset(files):
        parsed = tf.io.parse_single_example(record, SPECIFICATION)

        def values(key):
            return parsed[key].values.numpy().tolist()

        encoded = parsed["image/encoded"].numpy()
        bits = 16 if encoded[24] == 16 else 8
        pixels = tf.io.decode_image(encoded, channels=1, dtype=tf.uint16 if bits == 16 else tf.uint8).numpy()
        images.append({
            "fileName": parsed["image/filename"].numpy().decode(),
            "sourceID": parsed["image/source_id"].numpy().decode(),
            "format": parsed["image/format"].numpy().decode(),
            "digest": parsed["image/key/sha256"].numpy().decode(),
            "encodedDigest": hashlib.sha256(encoded).hexdigest(),
            "size": [int(parsed["image/width"]), int(parsed["image/height"])],
            "decodedSize": [pixels.shape[1], pixels.shape[0]],
            "sum": int(pixels.astype("int64").sum()),
            "xMin": values("image/object/bbox/xmin"),
            "xMax": values("image/object/bbox/xmax"),
            "yMin": values("image/object/bbox/ymin"),
            "yMax": values("image/object/bbox/ymax"),
            "labels": values("image/object/class/label"),
            "texts": [text.decode() for text in values("image/object/class/text")],
        })
    return images


def record(name, encoded, kind, width, height, edges):
    return example({
        "image/height": numbers(height),
        "image/width": numbers(width),
        "image/filename": texts(name.encode()),
        "image/source_id": texts(name.encode()),
        "image/key/sha256": texts(hashlib.sha256(encoded).hexdigest().encode()),
        "image/encoded": texts(encoded),
        "image/format": texts(kind.encode()),
        **boxes(edges, width, height, NAMES),
    })


def write(folder, seed):
    choice = random.Random(seed)
    said = []
    for part, shards in (("train", 3), ("val", 1)):
        writers = [tf.io.TFRecordWriter(os.path.join(folder, f"xray_{part}.record-{shard:05d}-of-{shards:05d}"))
                   for shard in range(shards)]
        for index in range(10):
            width, height = choice.randint(16, 200), choice.randint(16, 200)
            pixels = tf.constant([choice.randint(0, 255) for _ in range(width * height)], tf.uint8, (height, width, 1))
            kind = choice.choice(("png", "jpeg"))
            encoded = (tf.io.encode_png(pixels) if kind == "png" else tf.io.encode_jpeg(pixels)).numpy()
            edges = []
            for _ in range(choice.randint(0, 4)):
                x, y = choice.uniform(0, width - 4), choice.uniform(0, height - 4)
                edges.append((x, y, choice.uniform(x + 2, width), choice.uniform(y + 2, height), choice.choice((1, 3, 4))))
            name = f"{part}-{index}.{'png' if kind == 'png' else 'jpg'}"
            # Round robin, as the API's own scripts write them.
            writers[index % shards].write(record(name, encoded, kind, width, height, edges))
            said.append({"fileName": name, "part": "train" if part == "train" else "validation", "size": [width, height],
                         "encodedDigest": hashlib.sha256(encoded).hexdigest(), "edges": [edge[:4] for edge in edges],
                         "texts": [NAMES[edge[4]] for edge in edges]})
        for writer in writers:
            writer.close()
    with open(os.path.join(folder, "xray_label_map.pbtxt"), "w") as file:
        for number, name in NAMES.items():
            file.write(f"item {{\n  id: {number}\n  name: '{name}'\n}}\n\n")
    return said


def golden():
    pixels = tf.constant(range(32), tf.uint8, (4, 8, 1))
    encoded = tf.io.encode_png(pixels).numpy()
    edges = [(2, 1, 4, 3, 1), (0.5, 0, 8, 3.25, 3)]
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "golden.record")
        with tf.io.TFRecordWriter(path) as writer:
            writer.write(record("00000013_005.png", encoded, "png", 8, 4, edges))
            writer.write(record("00000014_000.png", encoded, "png", 8, 4, []))
        with open(path, "rb") as file:
            return base64.encodebytes(file.read()).decode()


match sys.argv[1:]:
    case ["read", *files] if files:
        json.dump(read(files), sys.stdout)
    case ["write", folder, seed]:
        json.dump(write(folder, int(seed)), sys.stdout)
    case ["golden"]:
        print(golden(), end="")
    case _:
        sys.exit(__doc__)
