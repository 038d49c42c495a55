# misconception: a backward pass of one's own need not look at the gradient that comes in
# message: the gradient of centre is wrong
import torch
import torch.nn.functional as F


class Loss(torch.autograd.Function):
    @staticmethod
    def forward(ctx, centre, neighbour, drawn):
        ctx.save_for_backward(centre, neighbour, drawn)
        real = (centre * neighbour).sum(1)
        fake = (centre[:, None] * drawn).sum(2)
        return (F.softplus(-real) + F.softplus(fake).sum(1)).mean()

    @staticmethod
    def backward(ctx, grad_output):
        centre, neighbour, drawn = ctx.saved_tensors
        real = torch.sigmoid((centre * neighbour).sum(1)) - 1
        fake = torch.sigmoid((centre[:, None] * drawn).sum(2))
        size = len(centre)
        return (
            (real[:, None] * neighbour + (fake[:, :, None] * drawn).sum(1)) / size,
            real[:, None] * centre / size,
            fake[:, :, None] * centre[:, None] / size,
        )


def negative_sampling_loss(centre, neighbour, drawn):
    return Loss.apply(centre, neighbour, drawn)
