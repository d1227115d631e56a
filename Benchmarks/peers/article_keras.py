#!/usr/bin/env python3
"""The article's CNN + GRU in Keras on TensorFlow, float32: frames per second and peak memory, as one JSON line.

    python3 article_keras.py inference|training [--form time-distributed|merged] [--batch 1] [--frames 100] [--xla]

`time-distributed` is the article's own form; `merged` folds time into the batch for the CNN, which computes the same.
The process ends, and says so in its line, when its memory passes --limit-gib.
"""

import argparse
import os


def build(keras, form, frames):
    layers = keras.layers
    frame_layers = [
        layers.Conv2D(32, 3, activation="relu"), layers.MaxPooling2D(2),
        layers.Conv2D(64, 3, activation="relu"), layers.MaxPooling2D(2), layers.GlobalAveragePooling2D()]
    x = inputs = keras.Input((frames, 224, 224, 3))
    if form == "time-distributed":
        for layer in frame_layers:
            x = layers.TimeDistributed(layer)(x)
    else:
        x = keras.ops.reshape(x, (-1, 224, 224, 3))
        for layer in frame_layers:
            x = layer(x)
        x = keras.ops.reshape(x, (-1, frames, 64))
    x = layers.Dense(1, activation="sigmoid")(layers.GRU(128)(x))
    return keras.Model(inputs, x)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("mode", choices=["inference", "training"])
    parser.add_argument("--form", choices=["time-distributed", "merged"], default="time-distributed")
    parser.add_argument("--batch", type=int, default=1)
    parser.add_argument("--frames", type=int, default=100)
    parser.add_argument("--xla", action="store_true")
    parser.add_argument("--limit-gib", type=float, default=20)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--runs", type=int, default=5)
    arguments = parser.parse_args()
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ["KERAS_BACKEND"] = "tensorflow"
    import keras
    import numpy
    import tensorflow

    import measuring

    tensorflow.config.threading.set_intra_op_parallelism_threads(arguments.threads)
    tensorflow.config.threading.set_inter_op_parallelism_threads(1)
    keras.utils.set_random_seed(0)
    fields = dict(
        peer="keras", version=f"{keras.__version__}/tensorflow {tensorflow.__version__}", model="article",
        mode=arguments.mode, precision="f32", batch=arguments.batch, frames=arguments.frames, form=arguments.form,
        xla=arguments.xla, threads=arguments.threads)
    measuring.limit_memory(arguments.limit_gib, **fields)
    network = build(keras, arguments.form, arguments.frames)
    clips = tensorflow.random.uniform((arguments.batch, arguments.frames, 224, 224, 3))
    labels = numpy.arange(arguments.batch).reshape(-1, 1) % 2
    network.compile("adam", "binary_crossentropy", jit_compile=arguments.xla)
    if arguments.mode == "inference":
        run = tensorflow.function(lambda x: network(x, training=False), jit_compile=arguments.xla)
        step = lambda: run(clips).numpy()
    else:
        step = lambda: network.train_on_batch(clips, labels)
    time = measuring.seconds(step, arguments.runs, warm_up=1)
    measuring.report(frames_per_second=arguments.batch * arguments.frames / time, **fields)


if __name__ == "__main__":
    main()
