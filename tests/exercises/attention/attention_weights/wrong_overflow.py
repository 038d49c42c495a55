# misconception: the formula can be typed as it stands
# message: a float cannot hold exp\(1000\). What may be subtracted
def attention_weights(queries, keys):
    exponentials = (queries @ keys.T / queries.shape[-1] ** 0.5).exp()
    return exponentials / exponentials.sum(dim=-1, keepdim=True)
