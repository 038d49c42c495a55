"""Does it help a small model to write down its steps? Accuracy on word problems by the number of steps they take.

    python -m benchmarks.chain_of_thought
    python -m benchmarks.chain_of_thought --num-steps 2000 --held-out 200 --write     # also into benchmarks/README.md

The shipped GPT is fine-tuned twice on the same problems, once to give the answer at once and once to give the steps
before it, and asked problems that it has not seen. Self-consistency draws several chains for each and takes the answer
of the majority. The ± is the standard error of a share.
"""

import argparse
import copy
import math
import time
from collections.abc import Sequence

import torch

from benchmarks.tables import header, line, write_rows
from lmkit.data import END_OF_TEXT
from lmkit.evaluation import few_shot_prompt, last_number, self_consistent_answers, write_answers
from lmkit.finetuning import renew_embeddings, untrained_tokens
from lmkit.generation import temperature
from lmkit.models import GPT, load_pretrained, load_tokenizer
from lmkit.recipes import small_problems
from lmkit.recipes.writing import CONTROL_CHARACTERS
from lmkit.tasks import Instruction, encode_instruction, instruction_batches
from lmkit.tokenizers import Tokenizer
from lmkit.training import TrainingConfig, fused_adamw, machine_name, train, warmup_cosine

MODEL = "storyworld-gpt"
STEPS = (1, 2, 3, 4)
COLUMNS = ("machine", "steps of the problem", "updates", "direct", "chain of thought", "majority of chains")


def fine_tune(
    base: GPT,
    tokenizer: Tokenizer,
    instructions: Sequence[Instruction],
    *,
    end_id: int,
    with_steps: bool,
    num_steps: int,
    batch_size: int,
    learning_rate: float,
) -> GPT:
    """Train a copy of the model on answers with or without their steps."""
    model = copy.deepcopy(base)
    batches = instruction_batches(
        [encode_instruction(tokenizer, each, end_of_text_id=end_id, with_steps=with_steps) for each in instructions],
        batch_size=batch_size,
        context_length=model.config.context_length,
        pad_id=end_id,
        generator=torch.Generator().manual_seed(0),
    )
    started = time.perf_counter()
    train(
        model,
        fused_adamw(model, learning_rate),
        batches,
        warmup_cosine(learning_rate, warmup_steps=num_steps // 20, num_steps=num_steps),
        TrainingConfig(num_steps=num_steps),
    )
    print(f"fine-tuned {'with steps' if with_steps else 'on answers alone'} in {time.perf_counter() - started:.0f} s")
    return model.eval()


def share_of_right(answers: Sequence[str | None], instructions: Sequence[Instruction]) -> str:
    share = sum(given == each.answer for given, each in zip(answers, instructions, strict=True)) / len(instructions)
    return f"{share:.2f} ± {math.sqrt(share * (1 - share) / len(instructions)):.2f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--num-steps", type=int, default=500, help="updates of each fine-tuning")
    parser.add_argument("--batch-size", type=int, default=16, help="problems per update; each comes once")
    parser.add_argument("--learning-rate", type=float, default=3e-3)
    parser.add_argument("--held-out", type=int, default=100, help="problems of each number of steps")
    parser.add_argument("--samples", type=int, default=9, help="chains for each problem")
    parser.add_argument("--write", action="store_true", help="put the rows into benchmarks/README.md")
    arguments = parser.parse_args()

    base, tokenizer = load_pretrained(MODEL), load_tokenizer(MODEL)
    end_id = tokenizer.special_id(END_OF_TEXT)
    embedding = base.token_embedding.weight  # no story has a number in figures
    renew_embeddings(embedding, untrained_tokens(embedding, tokenizer.encode(CONTROL_CHARACTERS)), seed=0)
    num_train = math.ceil(arguments.num_steps * arguments.batch_size / len(STEPS))
    sizes = {"num_train": num_train, "num_validation": 0, "num_test": arguments.held_out}
    tasks = {steps: small_problems(num_steps=steps, **sizes) for steps in STEPS}
    direct, stepwise = (
        fine_tune(
            base,
            tokenizer,
            [each for task in tasks.values() for each in task.train],
            end_id=end_id,
            with_steps=with_steps,
            num_steps=arguments.num_steps,
            batch_size=arguments.batch_size,
            learning_rate=arguments.learning_rate,
        )
        for with_steps in (False, True)
    )
    rows = []
    writing = {"end_of_text_id": end_id, "max_new_tokens": 80, "batch_size": 128}
    for steps, task in tasks.items():
        prompts = [few_shot_prompt(each.prompt) for each in task.test]
        columns = [
            [last_number(text) for text in write_answers(model, tokenizer, prompts, **writing)]
            for model in (direct, stepwise)
        ]
        voted = self_consistent_answers(
            stepwise,
            tokenizer,
            prompts,
            num_samples=arguments.samples,
            parse=last_number,
            choose_next=temperature(0.7),
            generator=torch.Generator().manual_seed(0),
            **writing,
        )
        shares = [share_of_right(answers, task.test) for answers in (*columns, voted)]
        rows.append((machine_name(torch.device("cpu")), str(steps), str(arguments.num_steps), *shares))
    print("\n" + header(COLUMNS) + "".join(map(line, rows)))
    if arguments.write:
        write_rows("chain of thought", COLUMNS, rows)


if __name__ == "__main__":
    main()
