"""Records written and read by Pleura and by TensorFlow in turns: `make bench-records`.

    records.py BENCH_RECORDS [--records 10000] [--bytes 20000] [--rounds 5] [--folder DIR]

Both make a tf.train.Example of every image (three boxes, the features the Object Detection API trains on, SHA-256 with them) and write
it; both read the file back, check both checksums and take the boxes out. TensorFlow reads with tf.data and parse_single_example and the
Object Detection API's feature specification; its loop is a reduce, which never leaves C++. Ratios are TensorFlow's time over Pleura's in
the same round: above 1, Pleura is faster. Ends with 1 where the median of a ratio is below 1 or memory grows with the records.
"""

import argparse
import hashlib
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "Tests", "Interop"))
from object_detection_api import SPECIFICATION, boxes, example, numbers, texts, tf


def tensorflow_write(path, count, pictures):
    edges = [(100.25 + 100 * k, 30.0, 300.25 + 100 * k, 330.5, k + 1) for k in range(3)]
    names = {number: f"finding {number}" for number in range(1, 9)}
    started = time.perf_counter()
    with tf.io.TFRecordWriter(path) as writer:
        for index in range(count):
            encoded = pictures[index % len(pictures)]
            writer.write(example({
                "image/height": numbers(1024),
                "image/width": numbers(1024),
                "image/filename": texts(f"image-{index}.png".encode()),
                "image/source_id": texts(str(index + 1).encode()),
                "image/patient": texts(f"patient-{index // 2}".encode()),
                "image/key/sha256": texts(hashlib.sha256(encoded).hexdigest().encode()),
                "image/encoded": texts(encoded),
                "image/format": texts(b"png"),
                **boxes(edges, 1024, 1024, names),
            }))
    return time.perf_counter() - started


@tf.function
def count_boxes(dataset):
    return dataset.reduce(
        (tf.constant(0, tf.int64), tf.constant(0, tf.int64)),
        lambda sums, image: (sums[0] + 1, sums[1] + tf.size(image["image/object/bbox/xmin"].values, tf.int64)))


def tensorflow_read(path, count, parallel):
    calls = tf.data.AUTOTUNE if parallel else None
    started = time.perf_counter()
    dataset = tf.data.TFRecordDataset(path)
    dataset = dataset.map(lambda record: tf.io.parse_single_example(record, SPECIFICATION), num_parallel_calls=calls)
    records, boxes = (int(value) for value in count_boxes(dataset))
    seconds = time.perf_counter() - started
    assert (records, boxes) == (count, 3 * count), (records, boxes)
    return seconds


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--records", type=int, default=10_000)
    parser.add_argument("--bytes", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--folder")
    asked = parser.parse_args()

    def pleura(what, path, count):
        command = [asked.program, what, path, str(count), str(asked.bytes)]
        answer = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        assert (answer["records"], answer["boxes"]) == (count, 3 * count), answer
        return answer

    noise = random.Random(1)
    pictures = [b"\x89PNG" + noise.randbytes(asked.bytes - 4) for _ in range(64)]
    measured = {name: {"pleura": [], "tensorflow": []} for name in ("write", "read", "read, parallel")}
    with tempfile.TemporaryDirectory(dir=asked.folder) as folder:
        ours, theirs = os.path.join(folder, "pleura.tfrecord"), os.path.join(folder, "tensorflow.tfrecord")
        for number in range(asked.rounds + 1):
            once = {"write": {}, "read": {}, "read, parallel": {}}
            once["write"]["pleura"] = pleura("write", ours, asked.records)["seconds"]
            once["write"]["tensorflow"] = tensorflow_write(theirs, asked.records, pictures)
            # Each reads what the other wrote.
            once["read"]["tensorflow"] = tensorflow_read(ours, asked.records, parallel=False)
            once["read"]["pleura"] = pleura("read", theirs, asked.records)["seconds"]
            once["read, parallel"]["tensorflow"] = tensorflow_read(ours, asked.records, parallel=True)
            once["read, parallel"]["pleura"] = pleura("read", theirs, asked.records)["seconds"]
            if number == 0:
                continue  # TensorFlow builds its graphs in the first round.
            for name, times in once.items():
                for who, seconds in times.items():
                    measured[name][who].append(seconds)
        memory = {"write": [], "read": []}
        for count in (1000, 10_000):
            for what in memory:
                memory[what].append(pleura(what, ours, count)["peak_kilobytes"])

    print(f"{asked.records} records of {asked.bytes} bytes, TensorFlow {tf.__version__}, median of {asked.rounds} rounds in turns")
    slower = False
    for name, times in measured.items():
        ratios = [theirs / ours for ours, theirs in zip(times["pleura"], times["tensorflow"])]
        rate = {who: asked.records / statistics.median(seconds) for who, seconds in times.items()}
        ratio = statistics.median(ratios)
        slower = slower or ratio < 1
        print(f"{name + ':':16} Pleura {rate['pleura']:9,.0f}/s  TensorFlow {rate['tensorflow']:9,.0f}/s  "
              f"ratio {ratio:5.2f} ({min(ratios):.2f} to {max(ratios):.2f})")
    grows = False
    for what, (few, many) in memory.items():
        grows = grows or many > 1.1 * few + 1024
        print(f"{what + ', peak:':16} {few / 1024:.1f} MiB for 1,000 records, {many / 1024:.1f} MiB for 10,000")
    if slower or grows:
        print("slower than TensorFlow" if slower else "memory grows with the records")
        sys.exit(1)


main()
