"""Remake a model that ships with the package: train it by its recipe, measure it, and write its card."""

import math
import statistics
from pathlib import Path

import torch

from lmkit.data import prefetch
from lmkit.models import load_pretrained, load_tokenizer, save_pretrained
from lmkit.recipes.model_cards import Facts, log_lines, shipped_card
from lmkit.recipes.model_recipe import ModelRecipe
from lmkit.recipes.stopping import StoppableBatches, TrainingRun
from lmkit.tokenizers.files import write_json, write_text
from lmkit.training import History, TrainingConfig, fused_adamw, machine_name, restarts, train, warmup_cosine


def pretrain(
    recipe: ModelRecipe, folder: Path, *, num_stories: int, device: torch.device, progress: bool = True
) -> TrainingRun:
    """Train a model by its recipe, from the newest checkpoint in the folder if there is one, and save it.

    Args:
        recipe: How the model is made.
        folder: Gets the tokenizer, the checkpoints and, unless the run is interrupted, the model.
        num_stories: How many stories to learn from.
        device: Where to train.
        progress: Whether to show a progress bar.

    Returns:
        What happened; Ctrl-C ends the run early, with a checkpoint.
    """
    tokenizer_file = folder / "tokenizer.json"
    if not tokenizer_file.exists():
        recipe.make_tokenizer().save(tokenizer_file)
    tokenizer = load_tokenizer(folder)
    batches = recipe.make_batches(tokenizer, num_stories)
    steps_per_cycle = len(batches)
    schedule = warmup_cosine(
        recipe.learning_rate, num_steps=steps_per_cycle, warmup_steps=math.ceil(steps_per_cycle / 20)
    )
    num_steps = recipe.num_cycles * steps_per_cycle
    config = TrainingConfig(num_steps=min(num_steps, recipe.max_steps or num_steps), checkpoint_every=500)
    model = recipe.make_model(tokenizer.vocab_size)
    if recipe.start is not None:
        recipe.start(model, tokenizer)
    model = model.to(device)
    stoppable = StoppableBatches(prefetch(batches, device), device)
    with stoppable.stopped_by_signals():
        history = train(
            model,
            fused_adamw(model, recipe.learning_rate),
            stoppable,
            restarts(schedule, every=steps_per_cycle),
            config,
            objective=recipe.objective,
            checkpoint_folder=folder / "checkpoints",
            progress=progress,
        )
    run = TrainingRun(history=history, num_steps=config.num_steps, is_stopped=stoppable.is_stopped)
    if not run.is_interrupted:
        save_pretrained(model, folder, special_ids=recipe.special_ids(tokenizer))
        write_text(folder / "log.csv", log_lines(history))
    return run


def evaluate_pretrained(
    name: str,
    recipe: ModelRecipe,
    history: History,
    folder: Path,
    *,
    num_stories: int,
    num_held_out: int,
    device: torch.device,
    command: str,
) -> Facts:
    """Measure a model that :func:`pretrain` saved, and write the scores and the model card into its folder.

    Args:
        name: The model's.
        recipe: How it was made.
        history: What happened in the training.
        folder: Where the model is.
        num_stories: How many stories it has learned from.
        num_held_out: How many stories to measure on.
        device: Where it was trained.
        command: The command that makes it again.

    Returns:
        What ``evaluation.json`` says.
    """
    model = load_pretrained(folder)
    facts: Facts = {
        "model": name,
        "summary": recipe.summary,
        "command": command,
        "seed": 0,
        "parameters": sum(weight.numel() for weight in model.parameters()),
        "training stories": num_stories,
        "stories are": recipe.counts,
        "cycles": recipe.num_cycles,
        "steps": history.num_steps,
        "scored tokens": sum(history.num_tokens),
        "minutes": round(history.num_steps * statistics.median(history.seconds) / 60, 1),  # whatever interrupted it
        "machine": machine_name(device),
        "torch": torch.__version__,
        "scores": recipe.measure(model, load_tokenizer(folder), num_held_out),
    }
    write_json(folder / "evaluation.json", facts)
    write_text(folder / "README.md", shipped_card(facts))
    return facts
