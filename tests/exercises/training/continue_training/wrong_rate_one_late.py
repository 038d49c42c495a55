# misconception: steps count from 1
# message: the first step
import math

import torch


def continue_training(state, num_steps, x, targets, batch_size):
    weights, velocity, seed = state["weights"], state["velocity"], state["seed"]
    batches_per_epoch = math.ceil(len(x) / batch_size)
    for step in range(state["step"], state["step"] + num_steps):
        epoch, place = divmod(step, batches_per_epoch)
        order = torch.randperm(len(x), generator=torch.Generator().manual_seed(seed + epoch))
        rows = order[place * batch_size : (place + 1) * batch_size]
        velocity = 0.9 * velocity + loss_gradient(weights, x[rows], targets[rows])
        weights = weights - 0.5 / (1 + 0.1 * (step + 1)) * velocity
    return {"step": state["step"] + num_steps, "weights": weights, "velocity": velocity, "seed": seed}
