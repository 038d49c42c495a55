# approach: torch's own optimiser, given the velocity
import torch


def momentum_step(w, v, g, lr, mu):
    weight = w.clone().requires_grad_()
    weight.grad = g.clone()
    optimizer = torch.optim.SGD([weight], lr=lr, momentum=mu)
    optimizer.state[weight]["momentum_buffer"] = v.clone()
    optimizer.step()
    kept = optimizer.state[weight].get("momentum_buffer") if mu else g.clone()
    return weight.detach(), kept
