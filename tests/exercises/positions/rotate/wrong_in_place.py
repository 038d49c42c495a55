# misconception: x may be turned where it is
# message: changed the tensor `x`


def rotate(x, positions, omega, layout):
    angles = positions.unsqueeze(1) * omega
    data = x.data
    a, b = (data[..., 0::2], data[..., 1::2]) if layout == "interleaved" else data.chunk(2, dim=-1)
    first, second = a * angles.cos() - b * angles.sin(), a * angles.sin() + b * angles.cos()
    a.copy_(first)
    b.copy_(second)
    return x
