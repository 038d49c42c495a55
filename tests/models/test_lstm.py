import pytest
import torch

from lmkit.models import LSTMConfig, LSTMLanguageModel
from lmkit.nn import lstm_step


def test_the_model_is_its_steps_one_after_the_other():
    model = LSTMLanguageModel(LSTMConfig(vocab_size=11, d_model=4, num_layers=1)).double()
    token_ids = torch.tensor([[3, 1, 4, 1]])
    weight = torch.cat([model.lstm.weight_ih_l0, model.lstm.weight_hh_l0], dim=1)
    bias = model.lstm.bias_ih_l0 + model.lstm.bias_hh_l0
    hidden = cell = torch.zeros(1, 4, dtype=torch.float64)
    for t in range(4):
        hidden, cell = lstm_step(model.token_embedding(token_ids[:, t]), hidden, cell, weight, bias)
        torch.testing.assert_close(model(token_ids)[:, t], model.unembedding(hidden), atol=1e-12, rtol=0)


def test_the_memory_is_kept_at_first():
    model = LSTMLanguageModel(LSTMConfig(vocab_size=11, d_model=4, num_layers=2))
    for layer in range(2):
        bias = getattr(model.lstm, f"bias_ih_l{layer}") + getattr(model.lstm, f"bias_hh_l{layer}")
        assert bias.tolist() == [0.0] * 4 + [1.0] * 4 + [0.0] * 8


def test_padding_changes_neither_state_nor_output_even_in_a_row_of_nothing_else():
    model = LSTMLanguageModel(LSTMConfig(vocab_size=11, d_model=4, num_layers=2)).double()
    for first in (None, torch.tensor([[3, 1], [2, 2]])):
        state = model.make_cache(2, 8)
        if first is not None:
            model.hidden(first, cache=state)
        before = state.state or (torch.zeros(2, 2, 4, dtype=torch.float64),) * 2
        mask = torch.tensor([[True, True, False], [False, False, False]])
        hidden = model.hidden(torch.tensor([[5, 9, 0], [0, 0, 0]]), padding_mask=mask, cache=state)
        assert (hidden[~mask] == 0).all()
        assert (hidden[mask] != 0).all()
        for tensor_before, after in zip(before, state.state, strict=True):
            assert torch.equal(tensor_before[:, 1], after[:, 1])
            assert not torch.equal(tensor_before[:, 0], after[:, 0])


def test_dropout_acts_on_embeddings_between_layers_and_on_the_output():
    config = LSTMConfig(vocab_size=11, d_model=6, num_layers=2, dropout=0.5)
    model = LSTMLanguageModel(config).train()
    inputs, outputs = [], []
    model.lstm.register_forward_hook(lambda _, args, __: inputs.append(args[0]))
    model.unembedding.register_forward_hook(lambda _, args, __: outputs.append(args[0]))
    torch.manual_seed(0)
    model(torch.randint(11, (8, 9)))
    for seen in (*inputs, *outputs):
        assert 0.4 < (seen == 0).double().mean() < 0.6
    assert model.lstm.dropout == 0.5


def test_a_single_layer_has_dropout_before_and_after_it():
    """PyTorch warns of dropout between layers where there is one; warnings are errors here."""
    config = LSTMConfig(vocab_size=11, d_model=6, num_layers=1, dropout=0.5)
    model = LSTMLanguageModel(config).train()
    torch.manual_seed(0)
    assert model.lstm.dropout == 0
    assert 0.4 < (model.hidden(torch.randint(11, (8, 9))) == 0).double().mean() < 0.6


def test_config_names_what_is_wrong():
    with pytest.raises(ValueError, match="num_layers=0 must be greater than 0"):
        LSTMConfig(vocab_size=11, d_model=4, num_layers=0)
