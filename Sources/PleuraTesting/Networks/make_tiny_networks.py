"""Writes the tests' tiny networks beside this file; needs onnx==1.19.0.

`tiny.onnx` looks at a 64 x 64 image in 16 cells of 16 x 16. With m the mean of a cell at column c and row r:
scores = [clip(m, 0, 1), clip(0.5 - m / 2, 0, 1)], boxes = [16c, 16r, 16c + 16 + 8m, 16r + 16].
`image_scores.onnx` is the same and has image_scores, the highest of each column of scores.
`convolutions.onnx` gives the same of images in 0...1 by five convolutions, one of them depthwise, one normalised and its weights in 16 bits;
a sixth, behind a global average, makes image_scores. `fragile.onnx` is the same with a channel a thousand times as large as the others in
between: in 8 bits nothing of the image would be left. `features.onnx` is `convolutions.onnx` with image_scores by a convolution before the average: its
map of features is read by three convolutions, as similar cases need it.
`anatomy.onnx` is a segmentation that goes by grey alone, of 128 x 128 pixels in 0...1, to which `DrawnChest` is drawn: lungs are 0.08 to
0.35 in each half, the heart is 0.65 to 0.85 below the upper 35 rows, clavicles are above 0.92 in each half. Turned over left to right, it says the same.
The others are wrong in one way each, as their names say.
"""
import pathlib

import numpy
import onnx
from onnx import TensorProto, helper, numpy_helper


def constant(name, values, kind=numpy.float32):
    return numpy_helper.from_array(numpy.asarray(values, dtype=kind), name)


def network(boxes="boxes", scores="scores", image="image", channels=1, poison=None, image_scores=False):
    corners = [[16 * c, 16 * r, 16 * c + 16, 16 * r + 16] for r in range(4) for c in range(4)]
    nodes = [
        helper.make_node("ReduceMean", [image, "one"], ["grey"], keepdims=1),
        helper.make_node("AveragePool", ["grey"], ["pooled"], kernel_shape=[16, 16], strides=[16, 16]),
        helper.make_node("Reshape", ["pooled", "columns"], ["means"]),
        helper.make_node("Mul", ["means", "slope"], ["raw_slope"]),
        helper.make_node("Add", ["raw_slope", "offset"], ["raw"]),
        helper.make_node("Clip", ["raw", "zero", "unit"], ["clipped"]),
        helper.make_node("Div" if poison else "Mul", ["clipped", "last"], [scores]),
        helper.make_node("Mul", ["means", "growth"], ["shift"]),
        helper.make_node("Add", ["shift", "corners"], [boxes]),
    ]
    weights = [
        constant("one", [1], numpy.int64), constant("columns", [0, 16, 1], numpy.int64),
        constant("slope", [[[1, -0.5]]]), constant("offset", [[[0, 0.5]]]), constant("zero", 0), constant("unit", 1),
        constant("last", 0 if poison else 1), constant("growth", [[[0, 0, 8, 0]]]), constant("corners", [corners]),
    ]
    outputs = [
        helper.make_tensor_value_info(boxes, TensorProto.FLOAT, ["N", 16, 4]),
        helper.make_tensor_value_info(scores, TensorProto.FLOAT, ["N", 16, 2]),
    ]
    if image_scores:
        nodes.append(helper.make_node("ReduceMax", [scores, "one"], ["image_scores"], keepdims=0))
        outputs.append(helper.make_tensor_value_info("image_scores", TensorProto.FLOAT, ["N", 2]))
    graph = helper.make_graph(
        nodes, "tiny", [helper.make_tensor_value_info(image, TensorProto.FLOAT, ["N", channels, 64, 64])],
        outputs,
        weights,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], producer_name="Pleura's tests", ir_version=9)
    onnx.checker.check_model(model, full_check=True)
    return model.SerializeToString(deterministic=True)


def convolutions(fragile=False, features=False):
    """h[c] = a[c] m + b[c] of 4 x 4 pixels, averaged to cells, carried on, joined to m again by each head."""
    slopes = numpy.array([1, 0.5, 0.25, 2, -1, -0.5, 3, 0], numpy.float32)
    offsets = numpy.array([0, 0, 0, 0, 1, 0.5, 0, 1000 if fragile else 0.25], numpy.float32)
    # m = 0.5 h[0] + 0.1 h[3] - 0.3 h[4] + 0.3
    join = numpy.array([0.5, 0, 0, 0.1, -0.3, 0, 0, 0], numpy.float32)
    deviation, mean = numpy.float32(2), numpy.float32(0.125)
    corners = [[16 * c, 16 * r, 16 * c + 16, 16 * r + 16] for r in range(4) for c in range(4)]

    def head(name, gains, shifts):
        nodes.append(helper.make_node("Conv", ["carried", name + ".weight", name + ".bias"], [name + "_map"], kernel_shape=[1, 1]))
        nodes.append(helper.make_node("Transpose", [name + "_map"], [name + "_last"], perm=[0, 2, 3, 1]))
        nodes.append(helper.make_node("Reshape", [name + "_last", name + ".shape"], [name + "_rows"]))
        weights.append(constant(name + ".weight", numpy.outer(gains, join)[:, :, None, None]))
        weights.append(constant(name + ".bias", numpy.array(gains) * 0.3 + numpy.array(shifts)))
        weights.append(constant(name + ".shape", [0, 16, len(gains)], numpy.int64))

    weights = [
        constant("stem.half", numpy.broadcast_to((slopes / 8)[:, None, None, None], (8, 1, 4, 4)), numpy.float16),
        constant("norm.weight", numpy.ones(8)), constant("norm.bias", offsets + mean / deviation),
        constant("norm.mean", numpy.full(8, mean)), constant("norm.variance", numpy.full(8, deviation**2 - 1e-5)),
        constant("cells.weight", numpy.full((8, 1, 4, 4), 1 / 16)), constant("carry.weight", numpy.eye(8)[:, :, None, None]),
        constant("zero", 0), constant("unit", 1),
        constant("corners", [corners]), constant("image.weight", numpy.outer([1, -0.5], join)[:, :, None, None]),
        constant("image.bias", [0.3, 0.35]), constant("pair", [0, 2], numpy.int64),
    ]
    nodes = [
        helper.make_node("Cast", ["stem.half"], ["stem.weight"], to=TensorProto.FLOAT),
        helper.make_node("Conv", ["image", "stem.weight"], ["stem"], kernel_shape=[4, 4], strides=[4, 4]),
        helper.make_node(
            "BatchNormalization", ["stem", "norm.weight", "norm.bias", "norm.mean", "norm.variance"], ["normal"], epsilon=1e-5),
        helper.make_node("Relu", ["normal"], ["rectified"]),
        helper.make_node("Conv", ["rectified", "cells.weight"], ["cells"], kernel_shape=[4, 4], strides=[4, 4], group=8),
        helper.make_node("Conv", ["cells", "carry.weight"], ["carried"], kernel_shape=[1, 1]),
    ]
    head("score", [1, -0.5], [0, 0.5])
    head("box", [0, 0, 8, 0], [0, 0, 0, 0])
    first, second = ("carried", "whole_map") if features else ("whole", "whole_scores")
    whole = [
        helper.make_node("GlobalAveragePool", [second if features else "carried"], ["whole_scores" if features else first]),
        helper.make_node("Conv", [first, "image.weight", "image.bias"], [second], kernel_shape=[1, 1]),
    ]
    if features:
        whole.reverse()
    nodes += [
        helper.make_node("Clip", ["score_rows", "zero", "unit"], ["scores"]),
        helper.make_node("Add", ["box_rows", "corners"], ["boxes"]),
        *whole,
        helper.make_node("Reshape", ["whole_scores", "pair"], ["whole_rows"]),
        helper.make_node("Clip", ["whole_rows", "zero", "unit"], ["image_scores"]),
    ]
    graph = helper.make_graph(
        nodes, "convolutions", [helper.make_tensor_value_info("image", TensorProto.FLOAT, ["N", 1, 64, 64])],
        [
            helper.make_tensor_value_info("boxes", TensorProto.FLOAT, ["N", 16, 4]),
            helper.make_tensor_value_info("scores", TensorProto.FLOAT, ["N", 16, 2]),
            helper.make_tensor_value_info("image_scores", TensorProto.FLOAT, ["N", 2]),
        ],
        weights,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], producer_name="Pleura's tests", ir_version=8)
    onnx.checker.check_model(model, full_check=True)
    return model.SerializeToString(deterministic=True)


def anatomy(side=128, steepness=80):
    """masks[k] = half[k] * rows[k] * sigmoid(s (x - low[k])) * sigmoid(s (high[k] - x))"""
    right = numpy.arange(side) < side // 2
    halves = numpy.stack([right, ~right, numpy.ones(side, bool), right, ~right]).astype(numpy.float32)
    rows = numpy.stack([numpy.arange(side) >= (35 if k == 2 else 0) for k in range(5)]).astype(numpy.float32)
    low = numpy.array([0.08, 0.08, 0.65, 0.92, 0.92], numpy.float32)
    high = numpy.array([0.35, 0.35, 0.85, 2, 2], numpy.float32)
    shape = (1, 5, 1, 1)
    nodes = [
        helper.make_node("Sub", ["image", "low"], ["above"]), helper.make_node("Mul", ["above", "steepness"], ["above_steep"]),
        helper.make_node("Sigmoid", ["above_steep"], ["is_above"]),
        helper.make_node("Sub", ["high", "image"], ["below"]), helper.make_node("Mul", ["below", "steepness"], ["below_steep"]),
        helper.make_node("Sigmoid", ["below_steep"], ["is_below"]),
        helper.make_node("Mul", ["is_above", "is_below"], ["is_between"]),
        helper.make_node("Mul", ["is_between", "halves"], ["in_half"]), helper.make_node("Mul", ["in_half", "rows"], ["masks"]),
    ]
    weights = [
        constant("low", low.reshape(shape)), constant("high", high.reshape(shape)), constant("steepness", steepness),
        constant("halves", halves.reshape(1, 5, 1, side)), constant("rows", rows.reshape(1, 5, side, 1)),
    ]
    graph = helper.make_graph(
        nodes, "anatomy", [helper.make_tensor_value_info("image", TensorProto.FLOAT, ["N", 1, side, side])],
        [helper.make_tensor_value_info("masks", TensorProto.FLOAT, ["N", 5, side, side])], weights)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], producer_name="Pleura's tests", ir_version=9)
    onnx.checker.check_model(model, full_check=True)
    return model.SerializeToString(deterministic=True)


here = pathlib.Path(__file__).parent
(here / "anatomy.onnx").write_bytes(anatomy())
(here / "tiny.onnx").write_bytes(network())
(here / "no_scores.onnx").write_bytes(network(scores="probabilities"))
(here / "no_boxes.onnx").write_bytes(network(boxes="places"))
(here / "no_image.onnx").write_bytes(network(image="picture"))
(here / "three_channels.onnx").write_bytes(network(channels=3))
(here / "not_numbers.onnx").write_bytes(network(poison=True))
(here / "image_scores.onnx").write_bytes(network(image_scores=True))
(here / "convolutions.onnx").write_bytes(convolutions())
(here / "features.onnx").write_bytes(convolutions(features=True))
(here / "fragile.onnx").write_bytes(convolutions(fragile=True))
