# misconception: the order of an epoch is drawn once
# message: is the order of an earlier run kept
import math

import torch

ORDERS = {}


def continue_training(state, num_steps, x, targets, batch_size):
    w, v = state["weights"], state["velocity"]
    per_epoch = math.ceil(len(x) / batch_size)
    for s in range(state["step"], state["step"] + num_steps):
        epoch = s // per_epoch
        if (epoch, len(x)) not in ORDERS:
            ORDERS[epoch, len(x)] = torch.randperm(
                len(x), generator=torch.Generator().manual_seed(state["seed"] + epoch)
            )
        rows = ORDERS[epoch, len(x)].split(batch_size)[s % per_epoch]
        v = 0.9 * v + loss_gradient(w, x[rows], targets[rows])
        w = w - 0.5 / (1 + 0.1 * s) * v
    return {**state, "step": state["step"] + num_steps, "weights": w, "velocity": v}
