#!/usr/bin/env python3
"""A preset's network in Keras on TensorFlow: frames per second and peak memory, as one JSON line.

    python3 network_keras.py article|small|resnet18 inference|training [--precision bf16] [--form time-distributed]

`merged` folds time into the batch for the CNN; `time-distributed` is the article's own form and computes the same.
bfloat16 is Keras's mixed policy. Training is Adam. The process ends, and says so in its line, when its memory passes
--limit-gib.
"""

import argparse
import os

import settings


def residual(keras, x, outputs, stride):
    layers = keras.layers

    def conv_norm(x, outputs, kernel, stride):
        return layers.BatchNormalization()(
            layers.Conv2D(outputs, kernel, stride, padding="same", use_bias=False)(x))

    y = layers.ReLU()(conv_norm(x, outputs, 3, stride))
    y = conv_norm(y, outputs, 3, 1)
    shortcut = x if stride == 1 and x.shape[-1] == outputs else conv_norm(x, outputs, 1, stride)
    return layers.ReLU()(y + shortcut)


def article_frame(keras):
    layers = keras.layers
    return [layers.Conv2D(32, 3, activation="relu"), layers.MaxPooling2D(2),
            layers.Conv2D(64, 3, activation="relu"), layers.MaxPooling2D(2), layers.GlobalAveragePooling2D()]


def resnet_frame(keras, x, small):
    layers = keras.layers
    if small:
        stem, blocks = (16, 3), [(32, 2), (64, 2), (128, 2), (128, 1)]
    else:
        stem, blocks = (64, 7), [(64, 1), (64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2), (512, 1)]
    x = layers.Conv2D(*stem, strides=2, padding="same", use_bias=False)(x)
    x = layers.ReLU()(layers.BatchNormalization()(x))
    if not small:
        x = layers.MaxPooling2D(3, 2, padding="same")(x)
    for outputs, stride in blocks:
        x = residual(keras, x, outputs, stride)
    image = layers.GlobalAveragePooling2D()(x)
    if not small:
        return image
    grid = layers.ReLU()(layers.BatchNormalization()(layers.Conv2D(8, 1, use_bias=False)(x)))
    return layers.Concatenate()([image, layers.Flatten()(grid)])


def build(keras, model, form):
    """[batch, time, height, width, 3] to one probability a clip (article) or two."""
    layers, clip = keras.layers, settings.CLIPS[model]
    x = inputs = keras.Input((clip.frames, clip.size, clip.size, 3))
    if form == "time-distributed":
        for layer in article_frame(keras):
            x = layers.TimeDistributed(layer)(x)
    else:
        x = keras.ops.reshape(x, (-1, clip.size, clip.size, 3))
        if model == "article":
            for layer in article_frame(keras):
                x = layer(x)
        else:
            x = resnet_frame(keras, x, model == "small")
        x = keras.ops.reshape(x, (-1, clip.frames, x.shape[-1]))
    if model == "article":
        return keras.Model(inputs, layers.Dense(1, activation="sigmoid", dtype="float32")(layers.GRU(128)(x)))
    if model == "small":
        before = keras.ops.concatenate([x[:, :1], x[:, :-1]], 1)
        x = layers.Concatenate()([x, x - before])
        x = layers.Bidirectional(layers.GRU(128, return_sequences=True))(x)
    else:
        x = layers.GRU(256, return_sequences=True)(x)
    x = layers.Dense(128 if model == "small" else 256)(keras.ops.mean(x, 1))
    return keras.Model(inputs, layers.Dense(2, activation="softmax", dtype="float32")(x))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("model", choices=["article", "small", "resnet18"])
    parser.add_argument("mode", choices=["inference", "training"])
    parser.add_argument("--precision", choices=["f32", "bf16"], default="f32")
    parser.add_argument("--form", choices=["time-distributed", "merged"], default="merged")
    parser.add_argument("--batch", type=int)
    parser.add_argument("--limit-gib", type=float, default=20)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--runs", type=int, default=5)
    arguments = parser.parse_args()
    if arguments.form == "time-distributed" and arguments.model != "article":
        parser.error("only the article's network has a time-distributed form here")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ["KERAS_BACKEND"] = "tensorflow"
    os.environ["CUDA_VISIBLE_DEVICES"] = ""
    import keras
    import numpy
    import tensorflow

    import measuring

    tensorflow.config.threading.set_intra_op_parallelism_threads(arguments.threads)
    tensorflow.config.threading.set_inter_op_parallelism_threads(1)
    keras.utils.set_random_seed(0)
    if arguments.precision == "bf16":
        keras.config.set_dtype_policy("mixed_bfloat16")
    clip, infers = settings.CLIPS[arguments.model], arguments.mode == "inference"
    batch = arguments.batch or (clip.inference_batch if infers else clip.training_batch)
    fields = dict(
        peer="keras", version=f"{keras.__version__}/tensorflow {tensorflow.__version__}", model=arguments.model,
        mode=arguments.mode, precision=arguments.precision, batch=batch, frames=clip.frames, form=arguments.form,
        threads=arguments.threads)
    measuring.limit_memory(arguments.limit_gib, **fields)
    network = build(keras, arguments.model, arguments.form)
    clips = tensorflow.random.uniform((batch, clip.frames, clip.size, clip.size, 3))
    labels = numpy.arange(batch) % 2
    if arguments.model == "article":
        labels, loss = labels.reshape(-1, 1), "binary_crossentropy"
    else:
        loss = "sparse_categorical_crossentropy"
    network.compile("adam", loss, jit_compile=False)
    if infers:
        run = tensorflow.function(lambda x: network(x, training=False))
        step = lambda: run(clips).numpy()
    else:
        step = lambda: network.train_on_batch(clips, labels)
    seconds = measuring.times(step, arguments.runs, warm_up=1, model=arguments.model)
    measuring.report(clip_frames=batch * clip.frames, seconds=seconds, **fields)


if __name__ == "__main__":
    main()
