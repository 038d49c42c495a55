# misconception: there is always a beam to continue
# message: RuntimeError: .*: what if all beams have ended
import torch


def beam_search(next_log_probs, num_beams, max_length, stop_token):
    texts, totals, finished = [[]], torch.zeros(1), []
    for _ in range(max_length):
        log_probs = torch.stack([next_log_probs(text) for text in texts])
        continued = (totals.unsqueeze(1) + log_probs).flatten()
        values, indices = continued.topk(min(num_beams, len(continued)))
        vocab_size = log_probs.shape[1]
        best = [
            (value, [*texts[index // vocab_size], index % vocab_size])
            for value, index in zip(values.tolist(), indices.tolist(), strict=True)
        ]
        finished += [text for text in best if text[1][-1] == stop_token]
        beams = [text for text in best if text[1][-1] != stop_token]
        texts, totals = [text for _, text in beams], torch.tensor([total for total, _ in beams])
    return max(finished + beams, key=lambda text: text[0] / len(text[1]))[1]
