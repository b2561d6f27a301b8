"""What the TensorFlow Object Detection API reads and writes of records, with TensorFlow alone."""

import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = ""
import tensorflow as tf

TEXT, NUMBER, FRACTION = tf.string, tf.int64, tf.float32

# The features that object_detection/data_decoders/tf_example_decoder.py always asks for, with its defaults.
SPECIFICATION = {
    "image/encoded": tf.io.FixedLenFeature((), TEXT, ""),
    "image/format": tf.io.FixedLenFeature((), TEXT, "jpeg"),
    "image/filename": tf.io.FixedLenFeature((), TEXT, ""),
    "image/key/sha256": tf.io.FixedLenFeature((), TEXT, ""),
    "image/source_id": tf.io.FixedLenFeature((), TEXT, ""),
    "image/height": tf.io.FixedLenFeature((), NUMBER, 1),
    "image/width": tf.io.FixedLenFeature((), NUMBER, 1),
    "image/class/text": tf.io.VarLenFeature(TEXT),
    "image/class/label": tf.io.VarLenFeature(NUMBER),
    "image/neg_category_ids": tf.io.VarLenFeature(NUMBER),
    "image/not_exhaustive_category_ids": tf.io.VarLenFeature(NUMBER),
    "image/class/confidence": tf.io.VarLenFeature(FRACTION),
    "image/object/bbox/xmin": tf.io.VarLenFeature(FRACTION),
    "image/object/bbox/xmax": tf.io.VarLenFeature(FRACTION),
    "image/object/bbox/ymin": tf.io.VarLenFeature(FRACTION),
    "image/object/bbox/ymax": tf.io.VarLenFeature(FRACTION),
    "image/object/class/label": tf.io.VarLenFeature(NUMBER),
    "image/object/class/text": tf.io.VarLenFeature(TEXT),
    "image/object/area": tf.io.VarLenFeature(FRACTION),
    "image/object/is_crowd": tf.io.VarLenFeature(NUMBER),
    "image/object/difficult": tf.io.VarLenFeature(NUMBER),
    "image/object/group_of": tf.io.VarLenFeature(NUMBER),
    "image/object/weight": tf.io.VarLenFeature(FRACTION),
}


def texts(*values):
    return tf.train.Feature(bytes_list=tf.train.BytesList(value=values))


def numbers(*values):
    return tf.train.Feature(int64_list=tf.train.Int64List(value=values))


def fractions(*values):
    return tf.train.Feature(float_list=tf.train.FloatList(value=values))


def example(features):
    return tf.train.Example(features=tf.train.Features(feature=features)).SerializeToString()


def boxes(edges, width, height, names):
    """Features of boxes (x0, y0, x1, y1 in pixels, class id); `names` are the classes' by id."""
    return {
        "image/object/bbox/xmin": fractions(*(edge[0] / width for edge in edges)),
        "image/object/bbox/xmax": fractions(*(edge[2] / width for edge in edges)),
        "image/object/bbox/ymin": fractions(*(edge[1] / height for edge in edges)),
        "image/object/bbox/ymax": fractions(*(edge[3] / height for edge in edges)),
        "image/object/class/text": texts(*(names[edge[4]].encode() for edge in edges)),
        "image/object/class/label": numbers(*(edge[4] for edge in edges)),
    }
