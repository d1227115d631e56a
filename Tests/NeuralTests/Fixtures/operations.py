#!/usr/bin/env python3
"""Reference values for every operation of Neural, from PyTorch in float64, rounded to float32.

    python3 operations.py            # needs torch, numpy, safetensors (Benchmarks/peers/setup.sh makes a venv with them)

Writes operations.safetensors and operations.json beside this script. Layouts are Sora's:

- activations are channels last, `[batch, height, width, channel]`;
- convolution weights `[out, in / groups, height, width]`, transposed convolution weights
  `[in, out / groups, height, width]`, dense weights `[out, in]`: all as PyTorch holds them;
- GRU weights as PyTorch's `weight_ih_l0` `[3 * hidden, input]`, gates in the order reset, update, new.

Pairs in attributes are `[height, width]`. Labels and lengths are int32. Every gradient is that of
sum over outputs of (output * cotangent), with the cotangent stored beside the output.
"""

import pathlib

import torch
import torch.nn.functional as F

from recorder import Recorder

HERE = pathlib.Path(__file__).parent
record = Recorder(seed=20240607)


def first(x):
    """Channels last to channels first."""
    return x.permute(0, 3, 1, 2)


def last(x):
    """Channels first to channels last."""
    return x.permute(0, 2, 3, 1)


# Convolutions


def convolution(name, x, weight, bias, stride=(1, 1), padding=(0, 0), dilation=(1, 1), groups=1):
    inputs = {"x": record.normal(*x), "weight": record.normal(*weight, scale=0.4)}
    if bias:
        inputs["bias"] = record.normal(weight[0])
    attributes = {"stride": list(stride), "padding": list(padding), "dilation": list(dilation), "groups": groups}
    record.case(
        f"convolution.{name}", "convolution", inputs, attributes=attributes,
        function=lambda x, weight, bias=None: last(
            F.conv2d(first(x), weight, bias, stride, padding, dilation, groups)))


convolution("plain", (2, 5, 6, 3), (4, 3, 3, 2), bias=False)
convolution("bias", (2, 5, 6, 3), (4, 3, 3, 3), bias=True)
convolution("pointwise", (2, 3, 4, 5), (7, 5, 1, 1), bias=True)
convolution("same", (1, 5, 7, 3), (4, 3, 3, 3), bias=False, padding=(1, 1))
convolution("padding", (2, 4, 6, 3), (5, 3, 3, 5), bias=True, padding=(1, 3))
convolution("stride", (2, 8, 9, 3), (4, 3, 3, 2), bias=True, stride=(3, 2))
convolution("stridePadding", (2, 7, 8, 3), (4, 3, 3, 3), bias=False, stride=(2, 2), padding=(1, 1))
convolution("strideRemainder", (1, 8, 6, 2), (3, 2, 3, 3), bias=False, stride=(2, 3), padding=(1, 0))
convolution("downsample", (2, 5, 6, 4), (8, 4, 1, 1), bias=False, stride=(2, 2))
convolution("stem", (1, 13, 15, 3), (4, 3, 7, 7), bias=False, stride=(2, 2), padding=(3, 3))
convolution("dilation", (1, 9, 8, 2), (3, 2, 3, 2), bias=True, dilation=(2, 3))
convolution("dilationStridePadding", (1, 9, 10, 2), (3, 2, 3, 3), bias=True, stride=(2, 1), padding=(2, 1), dilation=(2, 2))
convolution("groups", (2, 5, 6, 6), (4, 3, 3, 3), bias=True, padding=(1, 1), groups=2)
convolution("groupsStride", (1, 6, 7, 6), (9, 2, 3, 2), bias=False, stride=(2, 1), groups=3)
convolution("depthwise", (2, 6, 5, 8), (8, 1, 3, 3), bias=True, padding=(1, 1), groups=8)
convolution("depthwiseStride", (1, 7, 8, 5), (5, 1, 3, 3), bias=False, stride=(2, 2), padding=(1, 1), groups=5)
convolution("depthwiseMultiplier", (1, 5, 6, 3), (6, 1, 3, 2), bias=True, groups=3)
convolution("blocked", (1, 5, 6, 16), (16, 16, 3, 3), bias=True, padding=(1, 1))


def transposed_convolution(
    name, x, weight, bias, stride=(1, 1), padding=(0, 0), output_padding=(0, 0), groups=1, dilation=(1, 1)
):
    inputs = {"x": record.normal(*x), "weight": record.normal(*weight, scale=0.4)}
    if bias:
        inputs["bias"] = record.normal(weight[1] * groups)
    attributes = {"stride": list(stride), "padding": list(padding), "outputPadding": list(output_padding)}
    if groups > 1 or dilation != (1, 1):
        attributes |= {"groups": groups, "dilation": list(dilation)}
    record.case(
        f"transposedConvolution.{name}", "transposedConvolution", inputs, attributes=attributes,
        function=lambda x, weight, bias=None: last(
            F.conv_transpose2d(first(x), weight, bias, stride, padding, output_padding, groups, dilation)))


transposed_convolution("plain", (2, 3, 4, 3), (3, 5, 3, 2), bias=False)
transposed_convolution("bias", (2, 3, 4, 3), (3, 5, 2, 3), bias=True)
transposed_convolution("stride", (2, 3, 4, 5), (5, 3, 2, 2), bias=True, stride=(2, 2))
transposed_convolution("strideUnequal", (1, 3, 4, 2), (2, 3, 3, 2), bias=False, stride=(3, 2))
transposed_convolution("padding", (1, 4, 5, 3), (3, 2, 3, 4), bias=True, padding=(1, 2))
transposed_convolution("stridePadding", (2, 3, 4, 3), (3, 4, 4, 4), bias=True, stride=(2, 2), padding=(1, 1))
transposed_convolution(
    "outputPadding", (2, 3, 4, 3), (3, 4, 3, 3), bias=True, stride=(2, 2), padding=(1, 1), output_padding=(1, 1))
transposed_convolution(
    "outputPaddingUnequal", (1, 3, 4, 2), (2, 3, 3, 3), bias=False, stride=(2, 3), padding=(1, 0), output_padding=(0, 2))


# Normalisation


def batch_normalization(name, x, training, momentum=0.1, epsilon=1e-5):
    channels = x[-1]
    inputs = {
        "x": record.normal(*x, scale=1.5) + 0.25,
        "scale": record.uniform(channels, low=0.5, high=1.5),
        "shift": record.normal(channels),
        "runningMean": record.normal(channels, scale=0.3),
        "runningVariance": record.uniform(channels, low=0.5, high=2.0),
    }
    attributes = {"training": training, "momentum": momentum, "epsilon": epsilon}
    statistics = ("runningMean", "runningVariance", "newRunningMean", "newRunningVariance")

    def run(x, scale, shift, runningMean, runningVariance):
        mean, variance = runningMean.clone(), runningVariance.clone()
        y = F.batch_norm(x.movedim(-1, 1), mean, variance, scale, shift, training, momentum, epsilon).movedim(1, -1)
        return (y, mean, variance) if training else y

    record.case(
        f"batchNormalization.{name}", "batchNormalization", inputs, run, attributes=attributes, constants=statistics,
        outputs=("y", "newRunningMean", "newRunningVariance") if training else ("y",))


batch_normalization("training", (3, 4, 5, 6), training=True)
batch_normalization("trainingOneFrame", (1, 3, 4, 5), training=True)
batch_normalization("trainingEpsilonMomentum", (2, 3, 2, 7), training=True, momentum=0.25, epsilon=1e-2)
batch_normalization("trainingFlat", (6, 5), training=True)
batch_normalization("trainingWide", (2, 3, 4, 16), training=True)
batch_normalization("inference", (3, 4, 5, 6), training=False)
batch_normalization("inferenceEpsilon", (2, 3, 2, 7), training=False, epsilon=1e-3)


def layer_normalization(name, x, epsilon=1e-5):
    inputs = {
        "x": record.normal(*x, scale=1.5) + 0.5,
        "scale": record.uniform(x[-1], low=0.5, high=1.5),
        "shift": record.normal(x[-1]),
    }
    record.case(
        f"layerNormalization.{name}", "layerNormalization", inputs, attributes={"epsilon": epsilon},
        function=lambda x, scale, shift: F.layer_norm(x, x.shape[-1:], scale, shift, epsilon))


layer_normalization("matrix", (3, 7))
layer_normalization("sequence", (2, 3, 5))
layer_normalization("image", (2, 3, 4, 6))
layer_normalization("epsilon", (4, 5), epsilon=1e-2)


# Pooling


def max_pooling(name, x, kernel, stride, padding=(0, 0)):
    attributes = {"kernel": list(kernel), "stride": list(stride), "padding": list(padding)}
    record.case(
        f"maxPooling.{name}", "maxPooling", {"x": record.normal(*x)}, attributes=attributes,
        function=lambda x: last(F.max_pool2d(first(x), kernel, stride, padding)))


max_pooling("plain", (2, 4, 6, 3), (2, 2), (2, 2))
max_pooling("remainder", (2, 5, 7, 3), (2, 2), (2, 2))
max_pooling("overlap", (1, 6, 7, 4), (3, 2), (1, 2))
max_pooling("gaps", (1, 7, 8, 2), (2, 2), (3, 3))
max_pooling("stem", (2, 7, 6, 3), (3, 3), (2, 2), (1, 1))
max_pooling("paddingUnequal", (1, 5, 8, 5), (2, 5), (2, 3), (1, 2))


def average_pooling(name, x, kernel, stride, padding=(0, 0), includes_padding=False):
    attributes = {
        "kernel": list(kernel), "stride": list(stride), "padding": list(padding), "includesPadding": includes_padding}
    record.case(
        f"averagePooling.{name}", "averagePooling", {"x": record.normal(*x)}, attributes=attributes,
        function=lambda x: last(
            F.avg_pool2d(first(x), kernel, stride, padding, count_include_pad=includes_padding)))


average_pooling("plain", (2, 4, 6, 3), (2, 2), (2, 2))
average_pooling("remainder", (2, 5, 7, 3), (2, 3), (2, 3))
average_pooling("overlap", (1, 6, 7, 4), (3, 2), (1, 2))
average_pooling("gaps", (1, 7, 8, 2), (2, 2), (3, 3))
average_pooling("padding", (2, 7, 6, 3), (3, 3), (2, 2), (1, 1))
average_pooling("paddingIncluded", (2, 7, 6, 3), (3, 3), (2, 2), (1, 1), includes_padding=True)
average_pooling("paddingUnequal", (1, 5, 8, 5), (2, 5), (2, 3), (1, 2))
average_pooling("paddingUnequalIncluded", (1, 5, 8, 5), (2, 5), (2, 3), (1, 2), includes_padding=True)

for shape, name in [((2, 3, 5, 4), "wide"), ((3, 6, 2, 7), "tall")]:
    record.case(
        f"globalAveragePooling.{name}", "globalAveragePooling", {"x": record.normal(*shape)},
        lambda x: F.adaptive_avg_pool2d(first(x), 1).flatten(1))
    record.case(
        f"globalMaxPooling.{name}", "globalMaxPooling", {"x": record.normal(*shape)},
        lambda x: F.adaptive_max_pool2d(first(x), 1).flatten(1))


# Products, sums, and moving things about

for name, shape, bias in [("plain", (3, 5), False), ("bias", (3, 5), True), ("sequence", (2, 3, 4), True), ("one", (1, 6), True)]:
    inputs = {"x": record.normal(*shape), "weight": record.normal(7, shape[-1])}
    if bias:
        inputs["bias"] = record.normal(7)
    record.case(
        f"dense.{name}", "dense", inputs, lambda x, weight, bias=None: F.linear(x, weight, bias))

for name, left, right in [
    ("matrix", (3, 4), (4, 5)), ("vectorLike", (1, 6), (6, 3)), ("batched", (2, 3, 4), (2, 4, 5)), ("batchedColumn", (3, 4, 5), (3, 5, 1))
]:
    record.case(
        f"matmul.{name}", "matmul", {"left": record.normal(*left), "right": record.normal(*right)}, lambda left, right: left @ right)

for operation, function in [
    ("add", lambda left, right: left + right), ("subtract", lambda left, right: left - right), ("multiply", lambda left, right: left * right)
]:
    for name, left, right in [
        ("same", (2, 3, 4, 5), (2, 3, 4, 5)),
        ("channels", (2, 3, 4, 5), (5,)),
        ("channelsKept", (2, 3, 4, 5), (1, 1, 1, 5)),
        ("middle", (2, 3, 4), (2, 1, 4)),
        ("both", (2, 1, 4), (1, 3, 4)),
        ("leftSmaller", (4,), (3, 4)),
        ("scalar", (3, 4), (1,)),
    ]:
        record.case(
            f"{operation}.{name}", operation, {"left": record.normal(*left), "right": record.normal(*right)}, function)

for name, shapes, axis in [
    ("channels", [(2, 3, 4, 5), (2, 3, 4, 2)], 3), ("three", [(2, 3), (2, 1), (2, 4)], 1), ("first", [(2, 3, 4), (3, 3, 4)], 0), ("middle", [(2, 3, 4), (2, 2, 4)], 1)
]:
    record.case(
        f"concat.{name}", "concat", {f"x{i}": record.normal(*s) for i, s in enumerate(shapes)},
        lambda axis=axis, **parts: torch.cat(list(parts.values()), axis), attributes={"axis": axis})

for name, shape, starts, ends in [
    ("first", (5, 3), (1, 0), (4, 3)), ("last", (2, 3, 7), (0, 0, 2), (2, 3, 5)), ("several", (3, 4, 5, 6), (1, 0, 2, 3), (3, 4, 5, 5)), ("whole", (2, 3), (0, 0), (2, 3))
]:
    record.case(
        f"slice.{name}", "slice", {"x": record.normal(*shape)}, attributes={"starts": list(starts), "ends": list(ends)},
        function=lambda x, s=starts, e=ends: x[tuple(slice(a, b) for a, b in zip(s, e))])

for name, shape, target in [("flatten", (2, 3, 4, 5), (2, 60)), ("split", (6, 5), (2, 3, 5)), ("merge", (2, 3, 4), (6, 4))]:
    record.case(
        f"reshape.{name}", "reshape", {"x": record.normal(*shape)}, attributes={"shape": list(target)},
        function=lambda x, target=target: x.reshape(target))

for name, shape, permutation in [
    ("matrix", (3, 5), (1, 0)), ("batch", (2, 3, 4), (0, 2, 1)), ("cycle", (2, 3, 4), (1, 2, 0)), ("channelsFirst", (2, 3, 4, 5), (0, 3, 1, 2)), ("mixed", (2, 3, 4, 5), (3, 1, 0, 2))
]:
    record.case(
        f"transpose.{name}", "transpose", {"x": record.normal(*shape)}, attributes={"permutation": list(permutation)},
        function=lambda x, permutation=permutation: x.permute(permutation))


# Activations

for operation, function, kinks in [
    ("relu", F.relu, (0,)), ("relu6", F.relu6, (0, 6)), ("gelu", F.gelu, ()), ("silu", F.silu, ()), ("sigmoid", torch.sigmoid, ()), ("tanh", torch.tanh, ())
]:
    for name, shape in [("image", (2, 3, 4, 5)), ("matrix", (3, 7))]:
        x = record.clear_of(record.normal(*shape, scale=4.0), *kinks)
        record.case(f"{operation}.{name}", operation, {"x": x}, lambda x, f=function: f(x))
    # Where a careless formula overflows or loses its gradient. Kept off the kinks at 0 and 6.
    x = torch.tensor([-100.0, -30.0, -12.5, -5.0, -0.25, 0.25, 5.75, 6.25, 12.5, 30.0, 100.0])
    record.case(f"{operation}.extremes", operation, {"x": x}, lambda x, f=function: f(x))

for operation, function in [("softmax", F.softmax), ("logSoftmax", F.log_softmax)]:
    for name, shape, scale in [("matrix", (3, 5), 2.0), ("sequence", (2, 3, 4), 2.0), ("image", (2, 3, 4, 5), 1.0), ("extremes", (2, 4), 60.0)]:
        record.case(
            f"{operation}.{name}", operation, {"x": record.normal(*shape, scale=scale)}, lambda x, f=function: f(x, -1))

for name, shape in [("matrix", (3, 5)), ("sequence", (2, 3, 4))]:
    record.case(
        f"l2Normalization.{name}", "l2Normalization", {"x": record.normal(*shape)}, lambda x: F.normalize(x, dim=-1))

# The mask already holds 0 or 1 / (1 - rate), so that dropout is a product.
for name, shape, rate in [("half", (3, 5), 0.5), ("quarter", (2, 3, 4), 0.25)]:
    mask = (record.uniform(*shape) >= rate).to(torch.float64) / (1 - rate)
    record.case(
        f"dropout.{name}", "dropout", {"x": record.normal(*shape), "mask": mask}, lambda x, mask: x * mask,
        attributes={"rate": rate}, constants=("mask",))


# Recurrence


def gru(name, batch, steps, features, hidden, layers=1, bidirectional=False, initial=False, lengths=None):
    network = torch.nn.GRU(features, hidden, layers, batch_first=True, bidirectional=bidirectional)
    inputs = {"x": record.normal(batch, steps, features)}
    names = [n for n, _ in network.named_parameters()]
    inputs |= {n: record.normal(*p.shape, scale=0.5) for n, p in network.named_parameters()}
    if initial:
        inputs["h0"] = record.normal(layers * (2 if bidirectional else 1), batch, hidden)
    if lengths:
        inputs["lengths"] = torch.tensor(lengths)

    def run(x, h0=None, lengths=None, **weights):
        if lengths is not None:
            x = torch.nn.utils.rnn.pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
        y, state = torch.func.functional_call(network, weights, (x, h0) if h0 is not None else (x,))
        if lengths is not None:
            y, _ = torch.nn.utils.rnn.pad_packed_sequence(y, batch_first=True, total_length=steps)
        return y, state

    attributes = {
        "hiddenSize": hidden, "layers": layers, "bidirectional": bidirectional, "weights": names,
        "hasInitialState": initial, "hasLengths": lengths is not None}
    record.case(f"gru.{name}", "gru", inputs, run, outputs=("y", "state"), attributes=attributes)


gru("plain", batch=2, steps=4, features=3, hidden=5)
gru("oneStep", batch=3, steps=1, features=4, hidden=2)
gru("initial", batch=2, steps=3, features=4, hidden=5, initial=True)
gru("bidirectional", batch=2, steps=4, features=3, hidden=5, bidirectional=True)
gru("bidirectionalInitial", batch=3, steps=4, features=2, hidden=3, bidirectional=True, initial=True)
gru("layers", batch=2, steps=4, features=3, hidden=5, layers=2)
gru("layersInitial", batch=3, steps=4, features=5, hidden=2, layers=2, initial=True)
gru("layersBidirectional", batch=2, steps=3, features=4, hidden=3, layers=2, bidirectional=True)
gru("lengths", batch=3, steps=5, features=4, hidden=2, lengths=[3, 5, 1])
gru("lengthsInitial", batch=3, steps=5, features=2, hidden=4, initial=True, lengths=[2, 4, 3])
gru("lengthsBidirectional", batch=3, steps=5, features=3, hidden=4, bidirectional=True, lengths=[5, 2, 4])
gru(
    "lengthsLayersBidirectionalInitial", batch=4, steps=5, features=3, hidden=2, layers=2, bidirectional=True,
    initial=True, lengths=[1, 5, 3, 4])


# Resampling and reduction

for mode in ["nearest", "bilinear"]:
    for name, shape, scale in [("twice", (2, 3, 4, 3), (2, 2)), ("thrice", (1, 4, 3, 2), (3, 3)), ("unequal", (1, 3, 5, 2), (2, 3)), ("row", (1, 1, 4, 3), (2, 2))]:
        function = lambda x, scale=scale, mode=mode: last(F.interpolate(
            first(x), scale_factor=scale, mode=mode, **({"align_corners": False} if mode == "bilinear" else {})))
        record.case(
            f"upsample.{mode}.{name}", "upsample", {"x": record.normal(*shape)}, function,
            attributes={"mode": mode, "scale": list(scale)})

for operation, function in [("mean", torch.mean), ("sum", torch.sum), ("max", torch.amax)]:
    for name, shape, axes, keeps in [
        ("last", (3, 5), (1,), False), ("lastKept", (3, 5), (1,), True), ("first", (4, 2, 3), (0,), False), ("time", (2, 5, 3), (1,), False),
        ("timeKept", (2, 5, 3), (1,), True), ("space", (2, 3, 4, 5), (1, 2), False), ("spaceKept", (2, 3, 4, 5), (1, 2), True), ("ends", (2, 3, 4), (0, 2), False), ("all", (2, 3, 4), (0, 1, 2), False)
    ]:
        record.case(
            f"{operation}.{name}", operation, {"x": record.normal(*shape)}, attributes={"axes": list(axes), "keepsAxes": keeps},
            function=lambda x, axes=axes, keeps=keeps, f=function: f(x, dim=axes, keepdim=keeps))


# Losses: each is one number, the mean as PyTorch takes it (with class weights, divided by the labels' weights)


def cross_entropy(name, batch, classes, weighted=False, smoothing=0.0, scale=2.0):
    inputs = {
        "logits": record.normal(batch, classes, scale=scale),
        "labels": torch.randint(classes, (batch,), generator=record.generator),
    }
    if weighted:
        inputs["classWeights"] = record.uniform(classes, low=0.25, high=2.0)
    record.case(
        f"softmaxCrossEntropy.{name}", "softmaxCrossEntropy", inputs, outputs=("loss",), constants=("classWeights",),
        attributes={"labelSmoothing": smoothing},
        function=lambda logits, labels, classWeights=None: F.cross_entropy(
            logits, labels, weight=classWeights, label_smoothing=smoothing).reshape(1))


cross_entropy("plain", 4, 5)
cross_entropy("one", 1, 3)
cross_entropy("smoothed", 4, 5, smoothing=0.1)
cross_entropy("weighted", 6, 3, weighted=True)
cross_entropy("weightedSmoothed", 6, 4, weighted=True, smoothing=0.2)
cross_entropy("extremes", 4, 5, scale=80.0)


def sigmoid_cross_entropy(name, shape, weighted=False, scale=2.0):
    inputs = {
        "logits": record.normal(*shape, scale=scale),
        "targets": (record.uniform(*shape) < 0.5).to(torch.float64),
    }
    if weighted:
        inputs["positiveWeight"] = record.uniform(shape[-1], low=0.5, high=3.0)
    record.case(
        f"sigmoidCrossEntropy.{name}", "sigmoidCrossEntropy", inputs, outputs=("loss",),
        constants=("targets", "positiveWeight"),
        function=lambda logits, targets, positiveWeight=None: F.binary_cross_entropy_with_logits(
            logits, targets, pos_weight=positiveWeight).reshape(1))


sigmoid_cross_entropy("binary", (5, 1))
sigmoid_cross_entropy("binaryWeighted", (6, 1), weighted=True)
sigmoid_cross_entropy("multiLabel", (4, 3))
sigmoid_cross_entropy("multiLabelWeighted", (4, 3), weighted=True)
sigmoid_cross_entropy("extremes", (4, 3), scale=80.0)

for operation, function in [("meanSquaredError", F.mse_loss), ("meanAbsoluteError", F.l1_loss)]:
    for name, shape in [("matrix", (3, 5)), ("image", (2, 3, 4, 2))]:
        inputs = {"x": record.normal(*shape), "target": record.normal(*shape)}
        record.case(
            f"{operation}.{name}", operation, inputs, outputs=("loss",),
            function=lambda x, target, f=function: f(x, target).reshape(1))


def info_nce(left, right, temperature):
    """Symmetric InfoNCE of paired rows, after L2 normalisation (Radford et al. 2021, figure 3)."""
    scores = F.normalize(left, dim=1) @ F.normalize(right, dim=1).T / temperature
    labels = torch.arange(len(scores))
    return ((F.cross_entropy(scores, labels) + F.cross_entropy(scores.T, labels)) / 2).reshape(1)


for name, shape, temperature in [("warm", (4, 6), 0.5), ("cold", (5, 3), 0.07)]:
    record.case(
        f"infoNCE.{name}", "infoNCE", {"left": record.normal(*shape), "right": record.normal(*shape)},
        lambda left, right, t=temperature: info_nce(left, right, t), outputs=("loss",),
        attributes={"temperature": temperature, "symmetric": True, "normalizes": True})


# Later additions: at the end, so that the random numbers of what stands above stay as they were

transposed_convolution("dilation", (2, 3, 4, 3), (3, 5, 3, 2), bias=True, dilation=(2, 3))
transposed_convolution("groups", (2, 3, 4, 6), (6, 2, 3, 2), bias=True, groups=3)
transposed_convolution("depthwise", (1, 4, 3, 5), (5, 1, 3, 3), bias=False, stride=(2, 2), padding=(1, 1), groups=5)
transposed_convolution(
    "everything", (2, 3, 4, 4), (4, 3, 3, 2), bias=True, stride=(2, 3), padding=(1, 2), output_padding=(1, 2), groups=2,
    dilation=(2, 1))
transposed_convolution(
    "dilationOutputPadding", (1, 4, 3, 2), (2, 3, 2, 3), bias=False, stride=(1, 2), padding=(2, 1),
    output_padding=(2, 0), dilation=(3, 2))


def weighted(losses, weight, count=1.0):
    """The mean of one loss for each sample, weighted with the samples' weights (and with what each counts for)."""
    return ((losses * weight).sum() / (count * weight).sum()).reshape(1)


def sample_weights(*values):
    return torch.tensor(values)


for name, classes, weights, smoothing in [
    ("sampleWeights", False, (1.0, 0.5, 0.0, 2.0, 1.0), 0.0), ("sampleWeightsSmoothed", False, (1.0, 1.0, 0.0, 1.0, 0.25), 0.1),
    ("sampleAndClassWeights", True, (1.0, 0.0, 3.0, 1.0, 0.5), 0.1)
]:
    inputs = {"logits": record.normal(5, 4, scale=2.0), "labels": torch.tensor([3, 0, 1, 1, 2])}
    if classes:
        inputs["classWeights"] = record.uniform(4, low=0.25, high=2.0)
    record.case(
        f"softmaxCrossEntropy.{name}", "softmaxCrossEntropy", inputs | {"sampleWeight": sample_weights(*weights)},
        outputs=("loss",), constants=("classWeights", "sampleWeight"), attributes={"labelSmoothing": smoothing},
        function=lambda logits, labels, sampleWeight, classWeights=None, smoothing=smoothing: weighted(
            F.cross_entropy(logits, labels, weight=classWeights, reduction="none", label_smoothing=smoothing),
            sampleWeight, 1.0 if classWeights is None else classWeights[labels]))

record.case(
    "sigmoidCrossEntropy.sampleWeights", "sigmoidCrossEntropy",
    {
        "logits": record.normal(4, 3, scale=2.0), "targets": (record.uniform(4, 3) < 0.5).to(torch.float64),
        "positiveWeight": record.uniform(3, low=0.5, high=3.0), "sampleWeight": sample_weights(1.0, 0.0, 0.5, 2.0)
    },
    outputs=("loss",), constants=("targets", "positiveWeight", "sampleWeight"),
    function=lambda logits, targets, positiveWeight, sampleWeight: weighted(
        F.binary_cross_entropy_with_logits(logits, targets, pos_weight=positiveWeight, reduction="none").mean(1),
        sampleWeight))

for operation, function in [("meanSquaredError", F.mse_loss), ("meanAbsoluteError", F.l1_loss)]:
    record.case(
        f"{operation}.sampleWeights", operation,
        {
            "x": record.normal(4, 3, 2), "target": record.normal(4, 3, 2),
            "sampleWeight": sample_weights(0.5, 1.0, 0.0, 2.0)
        },
        outputs=("loss",), constants=("sampleWeight",),
        function=lambda x, target, sampleWeight, f=function: weighted(
            f(x, target, reduction="none").flatten(1).mean(1), sampleWeight))

# Pairs of weight 0 are not there at all.
record.case(
    "infoNCE.sampleWeights", "infoNCE",
    {"left": record.normal(5, 4), "right": record.normal(5, 4), "sampleWeight": sample_weights(1.0, 1.0, 0.0, 1.0, 0.0)},
    lambda left, right, sampleWeight: info_nce(left[sampleWeight > 0], right[sampleWeight > 0], 0.2), outputs=("loss",),
    constants=("sampleWeight",), attributes={"temperature": 0.2, "symmetric": True, "normalizes": True})



def info_nce_with_negatives(left, right, negatives, bias, temperature):
    """The same with further wrong answers to both sides: the queue of He et al. 2020."""
    left, right = F.normalize(left, dim=1), F.normalize(right, dim=1)
    labels = torch.arange(len(left))
    sides = [(left, right), (right, left)]
    rows = [torch.cat([a @ b.T / temperature, a @ negatives.T / temperature + bias], 1) for a, b in sides]
    return (sum(F.cross_entropy(row, labels) for row in rows) / 2).reshape(1)


record.case(
    "infoNCE.negatives", "infoNCE",
    {"left": record.normal(4, 6), "right": record.normal(4, 6), "negatives": F.normalize(record.normal(7, 6), dim=1),
     "bias": torch.where(record.normal(4, 7) > 0.8, -1e4, 0.0)},
    lambda left, right, negatives, bias: info_nce_with_negatives(left, right, negatives, bias, 0.2), outputs=("loss",),
    constants=("negatives", "bias"), attributes={"temperature": 0.2, "symmetric": True, "normalizes": True})

record.write(HERE / "operations", {"generator": "operations.py", "torch": torch.__version__.split("+")[0]})
