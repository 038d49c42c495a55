# misconception: the result holds the k best only
# message: the tokens that fall out keep their places
def top_k_filter(logits, k):
    return logits.topk(min(k, len(logits))).values
