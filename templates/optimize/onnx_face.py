"""The ONNX model with the inputs and outputs of the signature: their names, datatypes and shapes."""

import tempfile
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, compose, helper, numpy_helper

INNER = "source/"  # before every name of the converted model, so that none is one of the signature's
MATRIX = "matrix"  # the one input of a converted model that takes all columns side by side
TYPES = {
    "BOOL": TensorProto.BOOL,
    "UINT8": TensorProto.UINT8,
    "UINT16": TensorProto.UINT16,
    "UINT32": TensorProto.UINT32,
    "UINT64": TensorProto.UINT64,
    "INT8": TensorProto.INT8,
    "INT16": TensorProto.INT16,
    "INT32": TensorProto.INT32,
    "INT64": TensorProto.INT64,
    "FP16": TensorProto.FLOAT16,
    "FP32": TensorProto.FLOAT,
    "FP64": TensorProto.DOUBLE,
    "BYTES": TensorProto.STRING,
}
DATATYPES = {number: name for name, number in TYPES.items()}
INTEGER_KINDS = {"MatMulInteger", "ConvInteger", "DynamicQuantizeLSTM", "QAttention"}


def dressed(inner, outputs, spec):
    """The bytes of the model around `inner`. `outputs` says by name which of its outputs is meant, by number, and
    which column of that, or None for the whole."""
    inner = compose.add_prefix(inner, INNER)
    graph = Graph(inner)
    graph.take(spec["inputs"])
    declared = {item["name"]: item for item in spec["outputs"]}
    for name, (number, column) in outputs.items():
        graph.give(name, inner.graph.output[number], column, declared.get(name))
    model = helper.make_model(
        helper.make_graph(graph.nodes, spec["name"], graph.inputs, graph.outputs, graph.constants),
        functions=inner.functions,
        producer_name=inner.producer_name,
        producer_version=inner.producer_version,
        ir_version=inner.ir_version,
    )
    del model.opset_import[:]
    versions = {"": spec["opset"], **{item.domain: item.version for item in inner.opset_import}}  # some come twice
    model.opset_import.extend(helper.make_opsetid(*item) for item in sorted(versions.items()))
    onnx.checker.check_model(model, full_check=True)
    return model.SerializeToString(deterministic=True)


class Graph:
    """The graph of a model, growing at both ends."""

    def __init__(self, inner):
        self.takes = {item.name: item for item in inner.graph.input}
        self.nodes, self.inputs, self.outputs = list(inner.graph.node), [], []
        self.constants = list(inner.graph.initializer)
        for node in self.nodes:  # what a converter notes of its own doing differs from machine to machine
            del node.metadata_props[:]
            node.doc_string = ""

    def take(self, declared):
        """The declared inputs, each cast to what the model takes; side by side where it takes one matrix."""
        matrix = self.takes.get(INNER + MATRIX)
        before, columns = [], []
        for item in declared:
            name, kind = item["name"], TYPES[item["datatype"]]
            self.inputs.append(helper.make_tensor_value_info(name, kind, sizes(item["shape"])))
            target = matrix or self.takes.get(INNER + name)
            if target is None:  # the model has no use for it
                continue
            name = self.cast(name, kind, target.type.tensor_type.elem_type, before)
            if len(item["shape"]) == 1 and len(shape_of(target)) == 2:
                name = self.node("Reshape", [name, self.constant([-1, 1])], before)
            if matrix and len(declared) > 1:
                columns.append(name)
            else:
                self.node("Identity", [name], before, output=target.name)
        if columns:
            self.node("Concat", columns, before, output=matrix.name, axis=1)
        self.nodes = [*before, *self.nodes]

    def give(self, name, output, column, declared):
        """An output of the model under its name, and as it is declared, if it is."""
        inside, kind, shape = output.name, output.type.tensor_type.elem_type, shape_of(output)
        if column is not None:
            inside, shape = self.node("Gather", [inside, self.constant(column)], self.nodes, axis=1), [-1]
        wanted = TYPES[declared["datatype"]] if declared else kind
        inside = self.cast(inside, kind, wanted, self.nodes)
        if declared and len(declared["shape"]) != len(shape):
            inside = self.node("Reshape", [inside, self.constant(declared["shape"])], self.nodes)
        self.node("Identity", [inside], self.nodes, output=name)
        known = declared["shape"] if declared else shape
        self.outputs.append(helper.make_tensor_value_info(name, wanted, sizes(known)))

    def cast(self, name, found, wanted, nodes):
        return name if found == wanted else self.node("Cast", [name], nodes, to=wanted)

    def constant(self, value):
        self.constants.append(numpy_helper.from_array(np.array(value, "int64"), f"face/constant_{len(self.constants)}"))
        return self.constants[-1].name

    def node(self, kind, inputs, nodes, *, output=None, **attributes):
        output = output or f"face/{kind}_{len(nodes)}_{len(self.outputs)}_{nodes is self.nodes}"
        nodes.append(helper.make_node(kind, inputs, [output], **attributes))
        return output


def shape_of(value):
    """Sizes of a tensor, -1 where free; the first is the batch, whatever a converter wrote there."""
    sizes = [item.dim_value if item.HasField("dim_value") else -1 for item in value.type.tensor_type.shape.dim]
    return [-1, *sizes[1:]]


def sizes(shape):
    """The same as ONNX has it: a name or nothing where free."""
    return ["batch" if not place else None if size == -1 else size for place, size in enumerate(shape)]


def face(values):
    """One side of a signature, as a spec writes it."""
    return [
        {"name": item.name, "datatype": DATATYPES[item.type.tensor_type.elem_type], "shape": shape_of(item)}
        for item in values
    ]


def quantized(data):
    """The bytes of the model with weights in int8 and activations quantized as they come."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "model.onnx")
        quantize_dynamic(onnx.load_model_from_string(data), path, weight_type=QuantType.QInt8)
        model = onnx.load_model(path)
    if not any(node.op_type in INTEGER_KINDS for node in model.graph.node):
        raise SystemExit("nothing to quantize: the converted model multiplies no matrices; take `quantization` out")
    return model.SerializeToString(deterministic=True)
