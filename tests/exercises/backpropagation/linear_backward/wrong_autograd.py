# misconception: PyTorch finds the derivative
# message: does not require grad
import torch


def linear_backward(Y_bar, X, W):
    inputs = [X.clone().requires_grad_(), W.clone().requires_grad_(), torch.zeros_like(W[0]).requires_grad_()]
    return torch.autograd.grad(inputs[0] @ inputs[1] + inputs[2], inputs, Y_bar)
