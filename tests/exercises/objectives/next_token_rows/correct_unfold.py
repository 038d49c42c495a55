# approach: all windows as a view, then those that begin where they should
def next_token_rows(token_ids, starts, context_length):
    windows = token_ids.unfold(0, context_length + 1, 1)[starts]
    return windows[:, :context_length], windows[:, 1:]
