"""From a pre-trained model to a task: heads, frozen layers, LoRA, preferences, and answers to plain texts."""

from lmkit.finetuning.encoding import Encoder, encode, mean_pool, pool, real_tokens
from lmkit.finetuning.freezing import freeze_layers, layer_depth, layerwise_adamw
from lmkit.finetuning.heads import BiEncoder, PairRegressor, SequenceClassifier, SpanExtractor, TokenTagger, second_text
from lmkit.finetuning.lora import (
    LoRAConfig,
    LoRALinear,
    add_lora,
    load_adapter,
    lora_layers,
    merge_lora,
    remove_lora,
    save_adapter,
    unmerge_lora,
)
from lmkit.finetuning.objectives import (
    answer_span_objective,
    classification_objective,
    matching_objective,
    regression_objective,
    tagging_objective,
)
from lmkit.finetuning.prediction import (
    embed_texts,
    predict_answer_spans,
    predict_classes,
    predict_numbers,
    predict_probabilities,
    predict_spans,
)
from lmkit.finetuning.preferences import (
    PreferenceBatch,
    answer_log_probs,
    dpo_objective,
    implicit_reward,
    preference_batches,
    preference_loss,
)

__all__ = [
    "BiEncoder",
    "Encoder",
    "LoRAConfig",
    "LoRALinear",
    "PairRegressor",
    "PreferenceBatch",
    "SequenceClassifier",
    "SpanExtractor",
    "TokenTagger",
    "add_lora",
    "answer_log_probs",
    "answer_span_objective",
    "classification_objective",
    "dpo_objective",
    "embed_texts",
    "encode",
    "freeze_layers",
    "implicit_reward",
    "layer_depth",
    "layerwise_adamw",
    "load_adapter",
    "lora_layers",
    "matching_objective",
    "mean_pool",
    "merge_lora",
    "pool",
    "predict_answer_spans",
    "predict_classes",
    "predict_numbers",
    "predict_probabilities",
    "predict_spans",
    "preference_batches",
    "preference_loss",
    "real_tokens",
    "regression_objective",
    "remove_lora",
    "save_adapter",
    "second_text",
    "tagging_objective",
    "unmerge_lora",
]
