import torch
import transformers

from lmkit.models import BERT, BERTConfig, bert_base
from lmkit.models.families import BERT_FAMILY

HEADS = ("masked_head.", "masked_head_norm.", "unembedding.", "pair_head.")


def test_bert_base_has_the_published_numbers_of_parameters():
    with torch.device("meta"):
        model = BERT(bert_base())
    assert sum(parameter.numel() for parameter in model.parameters()) == 110_106_428
    body = [parameter for name, parameter in model.named_parameters() if not name.startswith(HEADS)]
    assert sum(parameter.numel() for parameter in body) == 109_482_240
    theirs = BERT_FAMILY.read_config(transformers.BertConfig().to_dict())
    assert BERT_FAMILY.write_config(bert_base()) == BERT_FAMILY.write_config(theirs)


def test_segments_tell_equal_tokens_apart():
    model = BERT(BERTConfig(vocab_size=23, context_length=9, d_model=12, num_layers=2, num_heads=3))
    token_ids = torch.tensor([[1, 2, 3, 2]])
    one_segment = model(token_ids, segment_ids=torch.zeros_like(token_ids))
    assert torch.equal(model(token_ids), one_segment)
    assert not torch.allclose(model(token_ids, segment_ids=torch.tensor([[0, 0, 1, 1]])), one_segment, atol=1e-4)


def test_the_pooler_reads_the_first_position_alone():
    model = BERT(BERTConfig(vocab_size=23, context_length=9, d_model=12, num_layers=2, num_heads=3))
    encoded = torch.randn(2, 5, 12, generator=torch.Generator().manual_seed(0))
    changed = encoded.clone()
    changed[:, 1:] = 0
    assert model.pair_logits(encoded).shape == (2, 2)
    assert torch.equal(model.pair_logits(encoded), model.pair_logits(changed))
    assert (model.pool(encoded).abs() <= 1).all()
