# approach: a dictionary of means; within a round all texts have one length, so means rank as totals do
def beam_search(next_log_probs, num_beams, max_length, stop_token):
    open_texts, closed_texts = {(): 0.0}, {}
    for length in range(1, max_length + 1):
        means = {}
        for text, mean in open_texts.items():
            for token, log_prob in enumerate(next_log_probs(list(text)).double().tolist()):
                means[*text, token] = (mean * (length - 1) + log_prob) / length
        kept = sorted(means, key=means.get, reverse=True)[:num_beams]
        closed_texts |= {text: means[text] for text in kept if text[-1] == stop_token}
        open_texts = {text: means[text] for text in kept if text[-1] != stop_token}
    everything = closed_texts | open_texts
    return list(max(everything, key=everything.get))
