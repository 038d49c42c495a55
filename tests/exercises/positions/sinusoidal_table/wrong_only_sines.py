# misconception: every column is a sine
# message: column 1 of position 3


def sinusoidal_table(positions, omega):
    angles = positions.unsqueeze(1) * omega
    return angles.sin().repeat_interleave(2, dim=1)
