# approach: torch's own step on given state
import torch


def adam_step(w, m, v, g, t, lr, beta_1, beta_2, eps):
    w, m, v = w.clone(), m.clone(), v.clone()
    torch.optim._functional.adam(
        [w],
        [g],
        [m],
        [v],
        [],
        [torch.tensor(float(t - 1))],
        foreach=False,
        amsgrad=False,
        beta1=beta_1,
        beta2=beta_2,
        lr=lr,
        weight_decay=0.0,
        eps=eps,
        maximize=False,
    )
    return w, m, v
