#!/usr/bin/env python3
"""What the presets' layers must be called and hold, from torchvision and Keras.

    python3 presets.py          # needs torch, torchvision, keras

Writes presets.json beside this script: for the torchvision networks, every tensor's name and shape in the order of the
network, without the classifier (`fc`, `classifier`) and without PyTorch's `num_batches_tracked`; for the article's
network, each Keras layer's output shape and count of parameters.
"""

import json
import os
import pathlib

# TensorFlow and PyTorch do not load into one process.
os.environ["KERAS_BACKEND"] = "torch"
import keras
import torchvision
from keras import layers


def torch_network(name):
    tensors = getattr(torchvision.models, name)().state_dict()
    return [
        [n, *t.shape] for n, t in tensors.items()
        if not n.startswith(("fc.", "classifier.")) and not n.endswith("num_batches_tracked")
    ]


def article():
    frames = keras.Input((100, 224, 224, 3))
    x = frames
    for layer in [
        layers.Conv2D(32, 3, activation="relu"), layers.MaxPooling2D(2), layers.Conv2D(64, 3, activation="relu"),
        layers.MaxPooling2D(2), layers.GlobalAveragePooling2D(),
    ]:
        x = layers.TimeDistributed(layer)(x)
    x = layers.GRU(128)(x)
    model = keras.Model(frames, layers.Dense(1, activation="sigmoid")(x))
    return {
        "parameters": model.count_params(),
        "layers": [
            {"name": getattr(l, "layer", l).__class__.__name__, "output": list(l.output.shape[1:]),
             "parameters": l.count_params()}
            for l in model.layers[1:]
        ],
    }


document = {
    "generator": "presets.py", "torchvision": torchvision.__version__.split("+")[0], "keras": keras.__version__,
    "article": article(),
    "networks": {
        ours: torch_network(theirs) for ours, theirs in
        [("resnet18", "resnet18"), ("resnet34", "resnet34"), ("resnet50", "resnet50"), ("mobilenetv2", "mobilenet_v2"),
         ("squeezenet", "squeezenet1_1")]
    },
}
networks = document.pop("networks")
lines = json.dumps(document, indent=1)[:-2]
lines += ',\n "networks": {\n' + ",\n".join(
    f'  "{name}": [\n' + ",\n".join("   " + json.dumps(t, separators=(",", ":")) for t in tensors) + "\n  ]"
    for name, tensors in networks.items()) + "\n }\n}\n"
pathlib.Path(__file__).with_suffix(".json").write_text(lines)
