# misconception: radians are turns
# message: is a turn 2π
def stretch(omega, factor, trained_length, slow, fast):
    share = ((trained_length * omega - slow) / (fast - slow)).clamp(0, 1)
    return share * omega + (1 - share) * omega / factor
