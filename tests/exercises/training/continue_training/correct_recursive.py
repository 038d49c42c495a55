import math

import torch


def continue_training(state, num_steps, x, targets, batch_size):
    if num_steps == 0:
        return dict(state)
    step, n = state["step"], len(x)
    epoch, place = divmod(step, math.ceil(n / batch_size))
    order = torch.randperm(n, generator=torch.Generator().manual_seed(state["seed"] + epoch))
    rows = order[place * batch_size : min(n, (place + 1) * batch_size)]
    velocity = state["velocity"] * 0.9 + loss_gradient(state["weights"], x[rows], targets[rows])
    weights = state["weights"] - velocity * (0.5 / (1 + 0.1 * step))
    reached = {"step": step + 1, "weights": weights, "velocity": velocity, "seed": state["seed"]}
    return continue_training(reached, num_steps - 1, x, targets, batch_size)
