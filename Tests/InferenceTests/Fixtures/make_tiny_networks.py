"""Writes the tests' tiny networks beside this file; needs onnx==1.19.0.

`tiny.onnx` looks at a 64 x 64 image in 16 cells of 16 x 16. With m the mean of a cell at column c and row r:
scores = [clip(m, 0, 1), clip(0.5 - m / 2, 0, 1)], boxes = [16c, 16r, 16c + 16 + 8m, 16r + 16].
`image_scores.onnx` is the same and has image_scores, the highest of each column of scores.
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


here = pathlib.Path(__file__).parent
(here / "tiny.onnx").write_bytes(network())
(here / "no_scores.onnx").write_bytes(network(scores="probabilities"))
(here / "no_boxes.onnx").write_bytes(network(boxes="places"))
(here / "no_image.onnx").write_bytes(network(image="picture"))
(here / "three_channels.onnx").write_bytes(network(channels=3))
(here / "not_numbers.onnx").write_bytes(network(poison=True))
(here / "image_scores.onnx").write_bytes(network(image_scores=True))
