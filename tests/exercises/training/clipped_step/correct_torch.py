import torch


def clipped_step(parameters, gradients, lr, max_norm):
    moving = [torch.nn.Parameter(parameter.clone()) for parameter in parameters]
    for parameter, gradient in zip(moving, gradients, strict=True):
        parameter.grad = gradient.clone()
    norm = torch.nn.utils.clip_grad_norm_(moving, max_norm)
    if torch.isfinite(norm):
        torch.optim.SGD(moving, lr=lr).step()
    return [parameter.detach() for parameter in moving], norm.item()
