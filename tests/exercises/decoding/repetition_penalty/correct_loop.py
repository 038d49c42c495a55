# approach: a list comprehension over the vocabulary
import torch


def repetition_penalty(logits, token_ids, penalty):
    def changed(token, logit):
        if token not in token_ids:
            return logit
        return logit / penalty if logit >= 0 else logit * penalty

    return torch.tensor([changed(token, logit) for token, logit in enumerate(logits.tolist())])
