import torch


def continue_training(state, num_steps, x, targets, batch_size):
    last = state["step"] + num_steps
    batches, epoch = [], 0
    while len(batches) < last:
        order = torch.randperm(len(x), generator=torch.Generator().manual_seed(state["seed"] + epoch))
        batches.extend(order.split(batch_size))
        epoch += 1
    new = dict(state)
    for step in range(state["step"], last):
        gradient = loss_gradient(new["weights"], x[batches[step]], targets[batches[step]])
        new["velocity"] = 0.9 * new["velocity"] + gradient
        new["weights"] = new["weights"] - 0.5 / (1 + 0.1 * step) * new["velocity"]
        new["step"] = step + 1
    return new
