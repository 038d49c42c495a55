# approach: the norm of the tensors' norms
import torch


def clip_by_global_norm(gradients, max_norm):
    norms = torch.stack([torch.linalg.vector_norm(gradient) for gradient in gradients])
    norm = float(torch.linalg.vector_norm(norms))
    if norm <= max_norm:
        return tuple(gradients)
    return tuple(max_norm * gradient / norm for gradient in gradients)
