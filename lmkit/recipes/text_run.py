"""A run of ``lmkit train`` in its folder: begin or resume it, train, and save the model."""

import statistics
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import torch
from torch import distributed

from lmkit.data import END_OF_TEXT, Batches, TokenStream, load_documents, next_token_batches, prefetch
from lmkit.evaluation import perplexity
from lmkit.models import GPT, GPTConfig, SpecialIds, save_pretrained
from lmkit.recipes.model_cards import Facts, log_lines, text_card
from lmkit.recipes.run_folder import begin_run
from lmkit.recipes.stopping import StoppableBatches, TrainingRun
from lmkit.recipes.text_corpus import TextCorpus, fingerprint, sharded_corpus, text_corpus
from lmkit.recipes.text_model import TextRecipe
from lmkit.tokenizers import Tokenizer
from lmkit.tokenizers.files import write_json, write_text
from lmkit.training import (
    History,
    best_checkpoint,
    distribute,
    fused_adamw,
    machine_name,
    next_token_objective,
    rank,
    train,
    warmup_cosine,
    world_size,
)
from lmkit.training.loop import ScalarLog

VALIDATION_TOKENS = 65_536
"""How many validation tokens each evaluation scores at most."""


def begin_text_run(
    recipe: TextRecipe, folder: Path, *, corpus: str | None = None, tokens: Path | None = None, progress: bool = True
) -> TextCorpus:
    """Read the text, and begin a run in a folder or check that the run there is the same one.

    Every rank must call it; rank 0 writes the run's settings and its tokenizer.

    Args:
        recipe: How the model is made.
        folder: Where the run is kept.
        corpus: The text, as :func:`lmkit.data.load_documents` takes it.
        tokens: Instead, a folder that ``lmkit tokenize --shards`` wrote.
        progress: Whether to show progress bars.

    Returns:
        The corpus.

    Raises:
        ValueError: If the batch cannot be divided among the ranks, the folder holds another run, or the text is too
            short.
    """
    if recipe.batch_size % world_size():
        raise ValueError(f"batch_size={recipe.batch_size} is not divisible by the {world_size()} processes")
    if tokens is not None:
        sharded, text = sharded_corpus(tokens)
        if rank() == 0:
            begin_run(folder, _settings(recipe, f"{tokens} ({text})"))
            sharded.tokenizer.save(folder / "tokenizer.json")
        return sharded
    documents = list(load_documents(str(corpus)))
    if rank() == 0:
        begin_run(folder, _settings(recipe, f"{corpus} ({fingerprint(documents)})"))
    return text_corpus(
        documents,
        folder / "tokenizer.json",
        vocab_size=recipe.model.vocab_size,
        context_length=recipe.model.context_length,
        make_tokenizer=rank() == 0,
        wait=wait_for_all,
        progress=progress,
    )


def train_text_model(
    model: GPT,
    corpus: TextCorpus,
    recipe: TextRecipe,
    folder: Path,
    *,
    log: ScalarLog | None = None,
    progress: bool = True,
) -> TrainingRun:
    """Train a model on a corpus, from the newest checkpoint in the folder if there is one.

    Args:
        model: On its device; changed in place.
        corpus: What to learn from, and what to evaluate on.
        recipe: How to train.
        folder: Gets the checkpoints.
        log: Gets the scores of each step.
        progress: Whether to show a progress bar.

    Returns:
        What happened; Ctrl-C ends the run early, with a checkpoint.
    """

    def batches(stream: TokenStream, **options: Any) -> Batches:
        return next_token_batches(
            stream,
            batch_size=recipe.batch_size // world_size(),
            context_length=recipe.window(stream),
            rank=rank(),
            world_size=world_size(),
            **options,
        )

    objective = distribute(model, next_token_objective, recipe.strategy)
    device, training = next(model.parameters()).device, recipe.training
    generator = torch.Generator().manual_seed(training.seed)
    stoppable = StoppableBatches(
        prefetch(batches(corpus.training, generator=generator, num_epochs=None), device), device
    )
    with stoppable.stopped_by_signals():
        history = train(
            model,
            fused_adamw(model, recipe.learning_rate, weight_decay=recipe.weight_decay),
            stoppable,
            warmup_cosine(
                recipe.learning_rate,
                num_steps=training.num_steps,
                warmup_steps=int(recipe.warmup_share * training.num_steps),
                final_learning_rate=recipe.learning_rate / 10,
            ),
            training,
            objective=objective,
            validation_batches=list(batches(corpus.validation[:VALIDATION_TOKENS])),
            checkpoint_folder=folder / "checkpoints",
            tokenizer=corpus.tokenizer,
            log=log,
            progress=progress,
        )
    return TrainingRun(history=history, num_steps=training.num_steps, is_stopped=stoppable.is_stopped)


def save_text_model(
    config: GPTConfig,
    corpus: TextCorpus,
    history: History,
    folder: Path,
    device: torch.device,
    facts: Mapping[str, Any],
) -> None:
    """Save the model of the best checkpoint, which is whole even if the trained model was sharded, and its card.

    Args:
        config: Sizes of the trained model.
        corpus: What it was trained on.
        history: What happened in the training.
        folder: The run's, with its checkpoints.
        device: Where it was trained.
        facts: What else ``evaluation.json`` says: the text, the command and the seed.
    """
    checkpoint = best_checkpoint(folder / "checkpoints")
    assert checkpoint is not None  # training ends with one, and with an evaluation
    assert history.best is not None
    model = GPT(config)
    model.load_state_dict(checkpoint.model)
    save_pretrained(model, folder, special_ids=packed_ids(corpus.tokenizer))
    figure, axes = plt.subplots()
    history.plot(axes)
    figure.savefig(folder / "loss.svg")
    plt.close(figure)
    step, loss_nats = history.best
    all_facts: Facts = {
        **facts,
        "parameters": sum(weight.numel() for weight in model.parameters()),
        "training tokens": len(corpus.training),
        "steps": history.num_steps,
        "scored tokens": sum(history.num_tokens),
        "minutes": round(history.num_steps * statistics.median(history.seconds) / 60, 1),
        "machine": machine_name(device),
        "torch": torch.__version__,
        "scores": {
            "step of the saved weights": step,
            "loss, nats per token": round(loss_nats, 4),
            "perplexity": round(perplexity(loss_nats), 2),
        },
    }
    write_json(folder / "evaluation.json", all_facts)
    write_text(folder / "README.md", text_card(all_facts))
    write_text(folder / "log.csv", log_lines(history))


def packed_ids(tokenizer: Tokenizer) -> SpecialIds:
    """Return the special ids of a model that read its documents in one stream, each followed by an end of text.

    Args:
        tokenizer: The model's.
    """
    end_id = tokenizer.special_tokens.get(END_OF_TEXT)
    end_ids = () if end_id is None else (end_id,)
    return SpecialIds(start_id=end_id, end_ids=end_ids, pad_id=end_id)


def wait_for_all() -> None:
    """Wait until every rank is here."""
    if world_size() > 1:
        distributed.barrier()


def _settings(recipe: TextRecipe, corpus: str) -> dict[str, Any]:
    """What may not change while a run goes on."""
    sizes = asdict(recipe.model)
    del sizes["dropout"]  # depends on the number of steps, which may be raised
    return {"corpus": corpus, "seed": recipe.training.seed, **sizes}
