# approach: float64 inside, and the reciprocal of the root
def rms_norm(x, weight, eps):
    exact = x.double()
    return (exact * exact.square().mean(-1, keepdim=True).add(eps).rsqrt()).to(x.dtype) * weight
