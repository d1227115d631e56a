#!/usr/bin/env python3
"""Reference values for optimisers, gradient clipping, schedules and weight averages, from PyTorch in float64.

    python3 optimisers.py

Writes optimisers.safetensors and optimisers.json beside this script. Each optimiser case starts from `x`, takes one
step per row of `gradients`, and lists the values after every step as the rows of `steps`.
`clippedGradients` is what `gradients` become, row by row, when clipped to the norm in its attributes.
"""

import math
import pathlib

import torch

from recorder import Recorder

HERE = pathlib.Path(__file__).parent
STEPS, SIZE = 5, 7
record = Recorder(seed=20240608)


def optimiser(name, operation, make, **attributes):
    x, gradients = record.normal(SIZE), record.normal(STEPS, SIZE)
    parameter = torch.nn.Parameter(x.clone())
    stepper, steps = make([parameter]), []
    for gradient in gradients:
        parameter.grad = gradient.clone()
        stepper.step()
        steps.append(parameter.detach().clone())
    record.plain(name, operation, {"x": x, "gradients": gradients}, {"steps": torch.stack(steps)}, attributes)


def sgd(name, learning_rate, momentum=0.0, nesterov=False, weight_decay=0.0):
    optimiser(
        f"sgd.{name}", "sgd", lambda p: torch.optim.SGD(
            p, learning_rate, momentum=momentum, nesterov=nesterov, weight_decay=weight_decay),
        learningRate=learning_rate, momentum=momentum, nesterov=nesterov, weightDecay=weight_decay)


sgd("plain", 0.1)
sgd("momentum", 0.1, momentum=0.9)
sgd("nesterov", 0.05, momentum=0.9, nesterov=True)
sgd("weightDecay", 0.1, weight_decay=0.01)
sgd("nesterovWeightDecay", 0.05, momentum=0.8, nesterov=True, weight_decay=0.02)


def adam(name, operation, kind, learning_rate=1e-3, betas=(0.9, 0.999), epsilon=1e-8, weight_decay=0.0):
    optimiser(
        f"{operation}.{name}", operation, lambda p: kind(
            p, learning_rate, betas=betas, eps=epsilon, weight_decay=weight_decay),
        learningRate=learning_rate, beta1=betas[0], beta2=betas[1], epsilon=epsilon, weightDecay=weight_decay)


# Adam's weight decay is added to the gradient; AdamW's shrinks the weights by learningRate * weightDecay.
adam("plain", "adam", torch.optim.Adam)
adam("changed", "adam", torch.optim.Adam, 0.02, (0.8, 0.95), 1e-4)
adam("weightDecay", "adam", torch.optim.Adam, 0.01, weight_decay=0.1)
adam("plain", "adamW", torch.optim.AdamW, 0.01, weight_decay=0.01)
adam("changed", "adamW", torch.optim.AdamW, 0.02, (0.8, 0.95), 1e-4, 0.3)


# Clipping by norm: scaled by min(1, limit / (norm + 1e-6)), the norm taken over everything at once.
def clip(name, limit, scale):
    gradients = record.normal(STEPS, SIZE, scale=scale)
    clipped, norms = [], []
    for gradient in gradients:
        # Two tensors, clipped together, as a network's parameters are.
        parts = [torch.nn.Parameter(torch.zeros(3)), torch.nn.Parameter(torch.zeros(SIZE - 3))]
        parts[0].grad, parts[1].grad = gradient[:3].clone(), gradient[3:].clone()
        norms.append(torch.nn.utils.clip_grad_norm_(parts, limit))
        clipped.append(torch.cat([part.grad for part in parts]))
    record.plain(
        f"clipByNorm.{name}", "clipByNorm", {"gradients": gradients},
        {"clippedGradients": torch.stack(clipped), "norms": torch.stack(norms)}, {"limit": limit})


clip("clipped", 1.0, scale=2.0)
clip("untouched", 100.0, scale=1.0)
clip("mixed", 2.5, scale=1.0)


# Schedules. The learning rate of step s = 0, 1, 2, …:
#   constant: base.
#   step: base * factor ^ floor(s / every).
#   cosine with warm-up W of N steps in all:
#     s < W:       base * s / W                                    (linear, from 0)
#     W <= s < N:  minimum + (base - minimum) * (1 + cos(pi * (s - W) / (N - W))) / 2
#     s >= N:      minimum
# PyTorch computes each: LinearLR cannot start at 0, so the warm-up is its LambdaLR; the rest are StepLR and
# CosineAnnealingLR. All of them must agree with the closed form above.
def rates(make, base, count):
    stepper = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], base)
    schedule, values = make(stepper), []
    for _ in range(count):
        values.append(stepper.param_groups[0]["lr"])
        stepper.step()
        schedule.step()
    return values


def schedule(name, operation, values, closed_form, **attributes):
    assert all(abs(v - closed_form(s)) < 1e-12 for s, v in enumerate(values)), name
    record.plain(name, operation, {}, {"rates": torch.tensor(values)}, attributes)


schedule(
    "stepSchedule.thirds", "stepSchedule", rates(lambda o: torch.optim.lr_scheduler.StepLR(o, 4, 0.3), 0.1, 14),
    lambda s: 0.1 * 0.3 ** (s // 4), base=0.1, every=4, factor=0.3)


def cosine(name, base, minimum, warm_up, total):
    annealed = rates(
        lambda o: torch.optim.lr_scheduler.CosineAnnealingLR(o, total - warm_up, minimum), base, total - warm_up + 1)
    warmed = rates(lambda o: torch.optim.lr_scheduler.LambdaLR(o, lambda s: s / warm_up), base, warm_up) if warm_up else []

    def closed_form(s):
        if s < warm_up:
            return base * s / warm_up
        done = min(1, (s - warm_up) / (total - warm_up))
        return minimum + (base - minimum) * (1 + math.cos(math.pi * done)) / 2

    # Three steps past the end: it stays at the minimum.
    schedule(
        f"cosineSchedule.{name}", "cosineSchedule", warmed + annealed + [minimum] * 3, closed_form,
        base=base, minimum=minimum, warmUpSteps=warm_up, totalSteps=total)


cosine("plain", 0.1, 0.0, 0, 12)
cosine("warm", 0.1, 0.0, 4, 15)
cosine("warmMinimum", 3e-3, 1e-5, 5, 20)


# Moving average of weights: average = decay * average + (1 - decay) * weights, starting as the first weights.
def average(name, decay):
    weights = record.normal(STEPS + 1, SIZE)
    holder = torch.nn.Linear(SIZE, 1, bias=False)
    averaged = torch.optim.swa_utils.AveragedModel(
        holder, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(decay))
    rows = []
    for row in weights:
        holder.weight.data.copy_(row)
        averaged.update_parameters(holder)
        rows.append(averaged.module.weight.detach().flatten().clone())
    record.plain(
        f"movingAverage.{name}", "movingAverage", {"weights": weights}, {"averages": torch.stack(rows)}, {"decay": decay})


average("quick", 0.75)
average("slow", 0.999)

record.write(HERE / "optimisers", {"generator": "optimisers.py", "torch": torch.__version__.split("+")[0]})
