# misconception: each column has the next speed
# message: column \d of position 3|give the shape


def sinusoidal_table(positions, omega):
    angles = positions.unsqueeze(1) * omega.repeat(2)
    table = angles.sin()
    table[:, 1::2] = angles[:, 1::2].cos()
    return table
