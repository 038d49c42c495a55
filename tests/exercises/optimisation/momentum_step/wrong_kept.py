# misconception: the velocity is kept between calls
# message: v becomes|the velocity is wrong|gives another result
kept = {}


def momentum_step(w, v, g, lr, mu):
    velocity = mu * kept.get(w.shape, v) + g
    kept[w.shape] = velocity
    return w - lr * velocity, velocity.clone()
