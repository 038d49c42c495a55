# misconception: all pairs are slowed down
# message: all pairs are slowed down
def stretch(omega, factor, trained_length, slow, fast):
    return omega / factor
