"""Makes wire.onnx, a model with every kind of field that Sora writes, by ONNX's own library; it computes nothing.

    pip install onnx
    python3 Tests/InteropTests/Fixtures/wire.py

WireFormatTests.swift puts the same model together, and compares the bytes.
"""

import pathlib

import numpy as np
from onnx import (AttributeProto, GraphProto, ModelProto, NodeProto, StringStringEntryProto, TensorProto,
                  ValueInfoProto, helper)


def tensor(name, array):
    """A TensorProto as Sora writes it: elements as bytes."""
    kinds = {"float32": TensorProto.FLOAT, "uint8": TensorProto.UINT8, "int32": TensorProto.INT32,
             "int64": TensorProto.INT64}
    result = TensorProto(dims=array.shape, data_type=kinds[array.dtype.name], raw_data=array.tobytes())
    if name:
        result.name = name
    return result


def node(operation, name, inputs, outputs, attributes=()):
    return NodeProto(input=inputs, output=outputs, name=name, op_type=operation, attribute=attributes)


def info(name, kind, sizes, documentation):
    result = ValueInfoProto(name=name, type=helper.make_tensor_type_proto(kind, sizes))
    if documentation:
        result.doc_string = documentation
    return result


ints = AttributeProto(name="pads", type=AttributeProto.INTS, ints=[0, 1, -1, 300, 2**40])
number = AttributeProto(name="axis", type=AttributeProto.INT, i=-1)
real = AttributeProto(name="epsilon", type=AttributeProto.FLOAT, f=np.float32(0.1))
text = AttributeProto(name="direction", type=AttributeProto.STRING, s="rückwärts".encode())
value = AttributeProto(name="value", type=AttributeProto.TENSOR, t=tensor("", np.array([1.5], np.float32)))

graph = GraphProto(
    name="wire",
    node=[
        node("First", "a/First", ["frames", "", "weights"], ["x", "y"], [ints, number, real]),
        node("Second", "b", ["x"], ["z"], [text, value]),
        node("Third", "c", [], ["w"]),
    ],
    initializer=[
        tensor("weights", np.arange(100, dtype=np.float32).reshape(4, 25) / 8),
        tensor("scalar", np.array(-2.25, np.float32)),
        tensor("bytes", np.array([[0, 127, 255]], np.uint8)),
        tensor("numbers", np.array([1, -70000], np.int32)),
        tensor("shape", np.array([-1, 0, 2**33], np.int64)),
    ],
    input=[info("frames", TensorProto.UINT8, ["clips", 3, 0], "What goes in.")],
    output=[info("z", TensorProto.FLOAT, ["clips", 200], ""), info("w", TensorProto.INT32, [], "")],
)
model = ModelProto(
    ir_version=8,
    producer_name="sora",
    producer_version="1.2",
    doc_string="For people: ∀.",
    graph=graph,
    opset_import=[helper.make_opsetid("", 17)],
    metadata_props=[StringStringEntryProto(key="short", value=""), StringStringEntryProto(key="long", value="x" * 300)],
)
path = pathlib.Path(__file__).with_name("wire.onnx")
path.write_bytes(model.SerializeToString(deterministic=True))
print(path.name, path.stat().st_size, "bytes")
