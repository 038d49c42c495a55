import torch


def continue_training(state, num_steps, x, targets, batch_size):
    step, weights, velocity = state["step"], state["weights"], state["velocity"]
    for _ in range(num_steps):
        batches_per_epoch = -(-len(x) // batch_size)
        generator = torch.Generator().manual_seed(state["seed"] + step // batches_per_epoch)
        rows = torch.randperm(len(x), generator=generator).split(batch_size)[step % batches_per_epoch]
        velocity = 0.9 * velocity + loss_gradient(weights, x[rows], targets[rows])
        weights = weights - 0.5 / (1 + 0.1 * step) * velocity
        step += 1
    return {**state, "step": step, "weights": weights, "velocity": velocity}
