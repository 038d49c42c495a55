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


def test_config_names_what_is_wrong():
    with pytest.raises(ValueError, match="num_layers=0 must be greater than 0"):
        LSTMConfig(vocab_size=11, d_model=4, num_layers=0)
