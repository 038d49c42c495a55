"""What pre-training is for, on a small scale: from a hundred labelled examples, with the encoder that ships."""

import torch

from lmkit.evaluation import paired_bootstrap, span_scores
from lmkit.evaluation.matches import NO_MATCHES
from lmkit.finetuning import FineTuningConfig, TokenTagger, fine_tune, predict_spans, tagging_objective
from lmkit.models import BERT, load_pretrained, load_tokenizer
from lmkit.tasks import bio_tags, entity_task, standard_format, tagging_batches


def test_a_pretrained_encoder_beats_one_from_scratch():
    task = entity_task(num_train=100, num_validation=0, num_test=30)
    pretrained = load_pretrained("storyworld-bert")
    input_format = standard_format(load_tokenizer("storyworld-bert"), pretrained.config.context_length)
    matches = []
    for encoder in (pretrained, BERT(pretrained.config)):
        model = TokenTagger(encoder, len(bio_tags(task.labels)))
        batches = tagging_batches(task.train, task.labels, input_format, batch_size=8, num_epochs=None)
        config = FineTuningConfig(num_steps=20, learning_rate=1e-3)
        fine_tune(model, batches, config, objective=tagging_objective, progress=False)
        answers = predict_spans(model, [each.text for each in task.test], task.labels, input_format)
        matches.append([span_scores([a], [each.spans]).micro for a, each in zip(answers, task.test, strict=True)])
    comparison = paired_bootstrap(
        *matches,
        lambda scores: sum(scores, start=NO_MATCHES).f1,
        generator=torch.Generator().manual_seed(0),
        num_resamples=200,
    )
    assert comparison.difference.low > 0
