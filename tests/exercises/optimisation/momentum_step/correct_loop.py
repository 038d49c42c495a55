# approach: number by number
def momentum_step(w, v, g, lr, mu):
    new_w, new_v = w.clone(), v.clone()
    for i in range(w.numel()):
        new_v.view(-1)[i] = mu * v.view(-1)[i].item() + g.view(-1)[i].item()
        new_w.view(-1)[i] -= lr * new_v.view(-1)[i].item()
    return [new_w, new_v]
