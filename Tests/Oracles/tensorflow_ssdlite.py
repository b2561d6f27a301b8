"""Regenerates the golden outputs of the COCO-trained SSDLite MobileNetV3-Large with TensorFlow itself.

    tensorflow_ssdlite.py FROZEN_GRAPH.pb OUT_DIR        (needs tensorflow-cpu; run by `make golden`, not by `make test`)

The input is one grey picture, repeated over the three channels, made by an integer recurrence that any language repeats:
    s = s * 1664525 + 1013904223 (mod 2**32), from s = 1, row by row; value = ((s >> 8) / 2**23 - 1) / 2 + ((x + 2 y) % 320) / 320 - 0.5
Written, all little-endian float32: encodings [2034, 4] (ty, tx, th, tw), anchors [2034, 4] (y, x, height, width of the unit
square) and logits of every eighth anchor [255, 91] (column 0 is the background).
"""
import os
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import numpy as np
import tensorflow as tf


def picture(side=320):
    values = np.empty(side * side, np.float64)
    s = 1
    for i in range(side * side):
        s = (s * 1664525 + 1013904223) % 2**32
        y, x = divmod(i, side)
        values[i] = ((s >> 8) / 2**23 - 1) / 2 + ((x + 2 * y) % side) / side - 0.5
    return values.reshape(1, side, side, 1).astype(np.float32)


def main(frozen, out):
    graph = tf.compat.v1.GraphDef()
    with open(frozen, "rb") as file:
        graph.ParseFromString(file.read())
    kept = [n for n in graph.node if n.op != "TFLite_Detection_PostProcess"]
    anchors = tf.make_ndarray(next(n for n in kept if n.name == "anchors").attr["value"].tensor)
    pruned = tf.compat.v1.GraphDef()
    pruned.node.extend(kept)
    with tf.Graph().as_default(), tf.compat.v1.Session() as session:
        tf.import_graph_def(pruned, name="")
        encodings, logits = session.run(
            ["Squeeze:0", "concat_1:0"],
            {"normalized_input_image_tensor:0": np.repeat(picture(), 3, axis=3)},
        )
    encodings, logits = encodings.reshape(-1, 4), logits.reshape(len(anchors), -1)
    os.makedirs(out, exist_ok=True)
    encodings.astype("<f4").tofile(os.path.join(out, "coco_encodings.f32"))
    anchors.astype("<f4").tofile(os.path.join(out, "coco_anchors.f32"))
    logits[::8].astype("<f4").tofile(os.path.join(out, "coco_logits_every_8th.f32"))
    print("anchors", anchors.shape, "encodings", encodings.shape, "logits", logits.shape)
    print(anchors[:3], anchors[1200:1206], encodings[:2], logits[0, :4], logits.max())


main(*sys.argv[1:])
