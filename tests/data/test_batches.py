import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from lmkit.data import (
    Batch,
    Masking,
    PrefetchedBatches,
    encode_corpus,
    masked_batches,
    next_token_batches,
    permuted_batches,
    prefetch,
    sentence_pair_batches,
    seq2seq_batches,
)

SIZES = {"batch_size": 3, "context_length": 8}
STREAM = torch.randint(4, 50, (8 * 10 + 5,), generator=torch.Generator().manual_seed(0))
MASKING = Masking(mask_id=3, vocab_size=50, special_ids=(0, 1, 2, 3))
DOCUMENTS = [[list(range(4 + d, 4 + d + length)) for length in (2, 3, 4, 5)] for d in range(4)]
PAIRS = [(list(range(4, 5 + n % 4)), list(range(9, 9 + n % 3))) for n in range(11)]


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


def next_token(**kwargs):
    return next_token_batches(STREAM, **SIZES | {"generator": seeded()} | kwargs)


def random_next_token(**kwargs):
    return next_token(**{"random_windows": True} | kwargs)


def masked(**kwargs):
    return masked_batches(STREAM, MASKING, **SIZES | {"generator": seeded()} | kwargs)


def permuted(**kwargs):
    return permuted_batches(STREAM, **SIZES | {"generator": seeded()} | kwargs)


def sentence_pairs(**kwargs):
    special = {"cls_id": 1, "sep_id": 2, "pad_id": 0, "masking": MASKING}
    return sentence_pair_batches(DOCUMENTS, **SIZES | special | {"generator": seeded()} | kwargs)


def seq2seq(**kwargs):
    return seq2seq_batches(
        PAIRS, **{"batch_size": 3, "start_id": 1, "end_id": 2, "pad_id": 0, "generator": seeded()} | kwargs
    )


KINDS = pytest.mark.parametrize("make", [next_token, random_next_token, masked, permuted, sentence_pairs, seq2seq])


def assert_equal(one, other):
    """Every field, bit by bit."""
    for name in Batch.__dataclass_fields__:
        ours, theirs = getattr(one, name), getattr(other, name)
        assert (ours is None) == (theirs is None), name
        if ours is not None:
            torch.testing.assert_close(ours, theirs, rtol=0, atol=0)


def rows(batches):
    """All rows of all batches, each as a tuple."""
    return [tuple(row) for batch in batches for row in torch.cat([batch.inputs, batch.targets], 1).tolist()]


@KINDS
def test_an_interrupted_run_goes_on_with_the_same_batches(make):
    whole = list(make(num_epochs=3))
    for stop in range(len(whole) + 1):
        before = make(num_epochs=3)
        for expected in whole[:stop]:
            assert_equal(next(before), expected)
        after = make(num_epochs=3, generator=seeded(99))  # the position brings its own seed
        after.load_state_dict(before.state_dict())
        rest = list(after)
        assert len(rest) == len(whole) - stop
        for batch, expected in zip(rest, whole[stop:], strict=True):
            assert_equal(batch, expected)


@KINDS
def test_a_position_survives_a_checkpoint_file(make, tmp_path):
    batches = make()
    next(batches)
    torch.save(batches.state_dict(), tmp_path / "position.pt")
    again = make(generator=seeded(5))
    again.load_state_dict(torch.load(tmp_path / "position.pt", weights_only=True))
    assert_equal(next(again), next(batches))


@KINDS
@pytest.mark.parametrize("world_size", [2, 3])
def test_ranks_together_read_what_one_process_reads(make, world_size):
    ranks = [make(batch_size=1, num_epochs=2, rank=rank, world_size=world_size) for rank in range(world_size)]
    alone = make(batch_size=world_size, num_epochs=2)
    for parts in zip(*ranks, strict=True):
        expected = next(alone)
        while len(expected.inputs) < world_size:  # the smaller batch at the end of an epoch goes to no rank
            expected = next(alone)
        if make is seq2seq:  # each rank pads to its own longest
            width = expected.inputs.shape[1]
            parts_inputs = [torch.nn.functional.pad(part.inputs, (0, width - part.inputs.shape[1])) for part in parts]
        else:
            parts_inputs = [part.inputs for part in parts]
            assert torch.equal(torch.cat([part.targets for part in parts]), expected.targets)
        assert torch.equal(torch.cat(parts_inputs), expected.inputs)


@pytest.mark.parametrize("make", [next_token, masked, permuted, sentence_pairs])
def test_the_batch_size_changes_no_example(make):
    assert rows(make(batch_size=2, num_epochs=2)) == rows(make(batch_size=5, num_epochs=2))


@KINDS
def test_epochs_differ_in_order_and_seeds_too(make):
    batches = make(num_epochs=2)
    per_epoch = len(batches)
    both = list(batches)
    assert len(both) == 2 * per_epoch
    first, second = rows(both[:per_epoch]), rows(both[per_epoch:])
    assert len(first) == len(second) == batches.num_examples
    assert first != second
    assert rows(make(generator=seeded(1))) != first
    assert rows(make()) == first


@KINDS
def test_endless_batches_do_not_end(make):
    batches = make(num_epochs=None)
    for _ in range(5 * len(batches)):
        next(batches)
    assert batches.epoch == 4


@KINDS
def test_zero_epochs_are_none(make):
    assert list(make(num_epochs=0)) == []


@KINDS
def test_an_exhausted_iterator_stays_exhausted(make):
    batches = make()
    list(batches)
    assert list(batches) == []


@KINDS
@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"batch_size": 0}, "batch_size=0 must be at least 1"),
        ({"num_epochs": -1}, "num_epochs=-1 must be at least 0"),
        ({"rank": 2, "world_size": 2}, "rank=2 must be at least 0 and less than world_size=2"),
        ({"rank": -1}, "rank=-1 must be at least 0 and less than world_size=1"),
        ({"world_size": 20}, "must be at least batch_size=3 x world_size=20"),
    ],
)
def test_bad_arguments_are_named(make, wrong, message):
    with pytest.raises(ValueError, match=message):
        make(**wrong)


@KINDS
def test_a_position_of_other_examples_is_refused(make):
    state = make().state_dict() | {"num_examples": 1000}
    with pytest.raises(ValueError, match="the saved position has num_examples=1000, these batches"):
        make().load_state_dict(state)
    shuffle = make is not random_next_token
    state = make().state_dict() | {"shuffle": not shuffle}
    with pytest.raises(ValueError, match=f"the saved position has shuffle={not shuffle}, these batches {shuffle}"):
        make().load_state_dict(state)


@KINDS
def test_the_length_is_the_number_of_batches_of_every_rank(make):
    num_examples = make().num_examples
    assert len(make()) == len(list(make())) == -(-num_examples // 3)
    for rank in range(2):
        batches = make(batch_size=2, rank=rank, world_size=2)
        assert len(batches) == len(list(make(batch_size=2, rank=rank, world_size=2))) == num_examples // 4
        assert len(PrefetchedBatches(batches, "cpu")) == num_examples // 4


@KINDS
def test_one_batch_for_each_rank_is_enough(make):
    num_examples = make().num_examples
    assert [len(list(make(batch_size=1, rank=rank, world_size=num_examples))) for rank in (0, num_examples - 1)] == [
        1,
        1,
    ]


@pytest.mark.parametrize("make", [masked, permuted, sentence_pairs])
def test_examples_come_in_random_order_unless_told_otherwise(make):
    """What is hidden, permuted or exchanged is a function of the example, whatever the order."""
    default, shuffled, in_order = (rows(make(batch_size=1, **o)) for o in ({}, {"shuffle": True}, {"shuffle": False}))
    assert default == shuffled != in_order
    assert sorted(default) == sorted(in_order)


@pytest.mark.parametrize("make", [next_token, random_next_token, masked, permuted])
def test_a_stream_shorter_than_a_window_is_named(make):
    length = len(STREAM) - (make in (next_token, random_next_token)) + 1
    with pytest.raises(
        ValueError, match=f"the token stream has 85 tokens; one window with context_length={length} needs"
    ):
        make(context_length=length)
    assert len(list(make(context_length=length - 1))) == 1
    with pytest.raises(ValueError, match="context_length=0 must be at least 1"):
        make(context_length=0)


# Next token


@given(st.integers(1, 7), st.integers(1, 4), st.integers(8, 60))
def test_an_epoch_scores_each_token_once_after_those_before_it(context_length, batch_size, num_tokens):
    token_stream = torch.arange(num_tokens)
    for generator in (None, seeded()):
        batches = next_token_batches(
            token_stream, batch_size=batch_size, context_length=context_length, generator=generator
        )
        targets = []
        for batch in batches:
            assert torch.equal(batch.targets, batch.inputs + 1)
            targets += batch.targets.flatten().tolist()
        num_windows = (num_tokens - 1) // context_length
        assert sorted(targets) == list(range(1, num_windows * context_length + 1))
        assert generator is not None or targets == sorted(targets)


def test_random_windows_start_anywhere_with_equal_probability():
    batches = next_token_batches(
        torch.arange(12), batch_size=2, context_length=4, generator=seeded(), random_windows=True, num_epochs=2000
    )
    starts = []
    for batch in batches:
        assert torch.equal(batch.targets, batch.inputs + 1)
        assert torch.equal(batch.inputs - batch.inputs[:, :1], torch.arange(4).expand(len(batch.inputs), 4))
        starts += batch.inputs[:, 0].tolist()
    counts = torch.tensor(starts).bincount(minlength=8)
    assert len(counts) == 8  # the last window's last target is the last token
    assert len(starts) == 2 * 2000
    chi_squared = ((counts - 500) ** 2 / 500).sum()
    assert chi_squared < 24.3  # 7 degrees of freedom, exceeded with probability 0.001


def test_random_windows_need_a_generator():
    with pytest.raises(ValueError, match="random_windows=True needs a generator"):
        random_next_token(generator=None)


def test_memory_mapped_and_in_memory_streams_give_the_same_batches(tmp_path):
    class Bytes:
        special_tokens: dict[str, int] = {}  # noqa: RUF012
        vocab_size = 256

        def encode_batch(self, texts):
            return [list(text.encode()) for text in texts]

    text = "some text to cut into windows"
    mapped = encode_corpus(Bytes(), text, tmp_path / "tokens")
    for ours, expected in zip(
        next_token_batches(mapped, batch_size=2, context_length=4),
        next_token_batches(encode_corpus(Bytes(), text), batch_size=2, context_length=4),
        strict=True,
    ):
        assert_equal(ours, expected)


@pytest.mark.parametrize("make", [next_token, masked])
def test_documents_of_a_window_are_kept_apart(make):
    end = 7
    token_stream = torch.tensor([5, 6, end, 8, end, 9, 10, 11] * 4)
    function = {next_token: next_token_batches, masked: masked_batches}[make]
    extra = {next_token: (), masked: (MASKING,)}[make]
    batches = function(token_stream, *extra, batch_size=1, context_length=8, generator=seeded(), end_of_text_id=end)
    batch = next(batches)
    documents = [0, 0, 0, 1, 1, 2, 2, 2]
    assert batch.segment_ids.tolist() == [documents]
    for query in range(8):
        for key in range(8):
            allowed = documents[query] == documents[key] and (make is masked or key <= query)
            assert batch.attention_mask[0, query, key] == allowed


def test_each_window_of_a_batch_has_its_own_documents():
    end = 7
    token_stream = torch.tensor([5, 6, end, 8, end, 9, 10, 11, 4, 5, 8, 9, end, end, 10, 11, 5])
    batch = next(next_token_batches(token_stream, batch_size=2, context_length=8, end_of_text_id=end))
    documents = torch.tensor([[0, 0, 0, 1, 1, 2, 2, 2], [0, 0, 0, 0, 0, 1, 2, 2]])
    assert torch.equal(batch.segment_ids, documents)
    for row, numbers in enumerate(documents.tolist()):
        allowed = [[numbers[query] == numbers[key] and key <= query for key in range(8)] for query in range(8)]
        assert batch.attention_mask[row].tolist() == allowed


# Moving and prefetching


def test_a_batch_moves_with_all_its_fields():
    batch = next(sentence_pairs())
    moved = batch.to("meta")
    for name in Batch.__dataclass_fields__:
        tensor = getattr(batch, name)
        assert tensor is None or (getattr(moved, name).device.type, getattr(moved, name).shape) == (
            "meta",
            tensor.shape,
        )


def test_on_the_cpu_prefetching_is_nothing():
    batches = next_token()
    assert prefetch(batches, "cpu") is batches
    assert isinstance(prefetch(batches, "meta"), PrefetchedBatches)


@KINDS
def test_prefetched_batches_are_the_same_and_resume_at_what_was_handed_out(make):
    whole = list(make(num_epochs=2))
    for stop in range(len(whole) + 1):
        before = PrefetchedBatches(make(num_epochs=2), "cpu")
        for expected in whole[:stop]:
            assert_equal(next(before), expected)
        after = PrefetchedBatches(make(num_epochs=2, generator=seeded(9)), "cpu")
        after.load_state_dict(before.state_dict())
        for batch, expected in zip(after, whole[stop:], strict=True):
            assert_equal(batch, expected)
    assert len(after) == len(make())


def test_going_to_a_position_forgets_what_was_fetched():
    batches = PrefetchedBatches(next_token(), "cpu")
    start = batches.state_dict()
    first = next(batches)
    batches.load_state_dict(start)
    assert_equal(next(batches), first)


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")
@KINDS
def test_batches_reach_the_gpu_unchanged(make):
    for batch, expected in zip(prefetch(make(), "cuda"), make(), strict=True):
        assert batch.inputs.device.type == "cuda"
        assert_equal(batch.to("cpu"), expected)
