# misconception: the place of a number is looked up by the number
# message: is one entry moved at a time
import torch


def numerical_gradient(loss, x, h):
    numbers = x.flatten().tolist()
    values = []
    for number in numbers:
        up, down = list(numbers), list(numbers)
        up[numbers.index(number)] += h
        down[numbers.index(number)] -= h
        ends = [loss(torch.tensor(each, dtype=x.dtype).reshape(x.shape)) for each in (up, down)]
        values.append((ends[0] - ends[1]) / (2 * h))
    return torch.tensor(values, dtype=torch.float64).reshape(x.shape)
