import json

import pytest
import torch
import transformers
from torch.nn import functional as F
from transformers.models.llama import modeling_llama

from lmkit.models import (
    BERT,
    GPT,
    EncoderDecoder,
    EncoderDecoderConfig,
    GPTConfig,
    Llama,
    LlamaConfig,
    LSTMConfig,
    LSTMLanguageModel,
    load_pretrained,
    load_tokenizer,
    save_pretrained,
)
from lmkit.nn import padding_mask
from lmkit.tokenizers import train_bpe, train_unigram, train_wordpiece
from tests.models.stored_models import BERT_SIZES, OURS, SIZES, THEIRS, V, change, exact_sinusoids, randomise

TOLERANCE = {torch.float64: 1e-10, torch.float32: 1e-5}


@pytest.fixture(autouse=True)
def let_transformers_compute_in_the_dtype_of_the_model(monkeypatch):
    """Llama's norm and rotary angles are taken in fp32 there, whatever the model is; here they are not."""

    def norm(self, hidden_states):
        return F.rms_norm(hidden_states, self.weight.shape, self.weight, self.variance_epsilon)

    def angles(self, x, position_ids):
        exponents = torch.arange(0, self.config.head_dim, 2, dtype=x.dtype) / self.config.head_dim
        base = torch.tensor(self.config.rope_parameters["rope_theta"], dtype=x.dtype)
        theta = position_ids[..., None].to(x.dtype) / base**exponents
        theta = torch.cat([theta, theta], dim=-1)
        return theta.cos(), theta.sin()

    monkeypatch.setattr(modeling_llama.LlamaRMSNorm, "forward", norm)
    monkeypatch.setattr(modeling_llama.LlamaRotaryEmbedding, "forward", angles)


def assert_same_logits(ours, theirs, tolerance):
    generator = torch.Generator().manual_seed(1)
    ids = torch.randint(V - 6, (3, 7), generator=generator)
    mask = padding_mask(torch.tensor([4, 7, 1]), 7)

    def close(actual, expected):
        torch.testing.assert_close(actual, expected, atol=tolerance, rtol=0)

    with torch.no_grad():
        if isinstance(ours, EncoderDecoder):
            exact_sinusoids(theirs)
            target = torch.randint(V, (3, 5), generator=generator)
            expected = theirs(input_ids=ids, attention_mask=mask.long(), decoder_input_ids=target).logits
            close(ours(target, ids, source_mask=mask), expected)
        elif isinstance(ours, BERT):
            segments = torch.randint(2, (3, 7), generator=generator)
            expected = theirs(ids, attention_mask=mask.long(), token_type_ids=segments)
            logits = ours(ids, segment_ids=segments, padding_mask=mask)
            close(logits[mask], expected.prediction_logits[mask])
            encoded = ours.encode(ids, segment_ids=segments, padding_mask=mask)
            close(ours.pair_logits(encoded), expected.seq_relationship_logits)
        else:
            close(ours(ids), theirs(ids).logits)
            close(ours(ids, padding_mask=mask)[mask], theirs(ids, attention_mask=mask.long()).logits[mask])
            left = padding_mask(torch.tensor([4, 7, 1]), 7, side="left")
            positions = (left.long().cumsum(-1) - 1).clamp(min=0)
            expected = theirs(ids, attention_mask=left.long(), position_ids=positions).logits
            close(ours(ids, padding_mask=left)[left], expected[left])


@pytest.mark.parametrize("dtype", TOLERANCE)
@pytest.mark.parametrize("name", THEIRS)
def test_we_read_what_transformers_writes(name, dtype, tmp_path):
    torch.manual_seed(0)
    theirs = randomise(THEIRS[name]().to(dtype))
    theirs.save_pretrained(tmp_path)
    ours = load_pretrained(tmp_path, dtype=dtype)
    assert not ours.training
    assert {parameter.dtype for parameter in ours.parameters()} == {dtype}
    assert_same_logits(ours, theirs, TOLERANCE[dtype])


@pytest.mark.parametrize("dtype", TOLERANCE)
@pytest.mark.parametrize("name", OURS)
def test_transformers_reads_what_we_write(name, dtype, tmp_path):
    ours = randomise(OURS[name]().to(dtype))
    save_pretrained(ours, tmp_path)
    architecture = json.loads((tmp_path / "config.json").read_text())["architectures"][0]
    theirs, report = getattr(transformers, architecture).from_pretrained(
        tmp_path, dtype=dtype, output_loading_info=True
    )
    unused = {"cls.predictions.bias"} if name == "bert-untied" else set()  # the untied layer has a bias of its own
    assert set(report["missing_keys"]) <= unused
    assert not report["unexpected_keys"]
    assert_same_logits(ours, theirs.eval(), TOLERANCE[dtype])


@pytest.mark.parametrize("name", OURS)
def test_a_round_trip_changes_nothing(name, tmp_path):
    ours = randomise(OURS[name]())
    save_pretrained(ours, tmp_path)
    again = load_pretrained(tmp_path)
    for tensor_name, tensor in ours.state_dict().items():
        assert torch.equal(again.state_dict()[tensor_name], tensor)
    assert (again.unembedding.weight is again.token_embedding.weight) == ours.config.tie_embeddings
    save_pretrained(again, tmp_path / "again")
    for file in ("config.json", "model.safetensors"):
        assert (tmp_path / "again" / file).read_bytes() == (tmp_path / file).read_bytes()
    assert sorted(path.name for path in (tmp_path / "again").iterdir()) == ["config.json", "model.safetensors"]


@pytest.mark.parametrize("dtype", [torch.float64, torch.bfloat16])
def test_the_number_format_is_in_the_config(dtype, tmp_path):
    save_pretrained(OURS["llama"]().to(dtype), tmp_path)
    assert transformers.AutoModelForCausalLM.from_pretrained(tmp_path, dtype="auto").dtype == dtype


@pytest.mark.parametrize("device", ["cpu", torch.device("cpu")])
def test_a_device_is_an_object_or_a_name(device, folder):
    assert {parameter.device.type for parameter in load_pretrained(folder, device=device).parameters()} == {"cpu"}


def test_older_names_are_understood(folder):
    expected = load_pretrained(folder)

    def strip(tensors):
        for name in list(tensors):
            tensors[name.removeprefix("transformer.")] = tensors.pop(name)
        tensors["h.0.attn.bias"] = torch.ones(1, 1, 11, 11)

    change(folder, strip)
    ids = torch.tensor([[1, 2, 3]])
    assert torch.equal(load_pretrained(folder)(ids), expected(ids))


@pytest.mark.parametrize(
    ("architecture", "missing"),
    [("BertForMaskedLM", {"pooler", "pair_head"}), ("BertModel", {"pair_head", "masked_head", "unembedding"})],
)
def test_a_bert_without_some_of_its_heads_is_read(architecture, missing, tmp_path):
    torch.manual_seed(0)
    theirs = randomise(getattr(transformers, architecture)(transformers.BertConfig(**BERT_SIZES)).double())
    theirs.save_pretrained(tmp_path)
    with pytest.warns(UserWarning, match=f"holds a {architecture}, without .* random numbers") as caught:
        ours = load_pretrained(tmp_path, dtype=torch.float64)
    assert all(name in str(caught[0].message) for name in missing)
    untrained = {name: tensor for name, tensor in ours.state_dict().items() if name.startswith(tuple(missing))}
    assert {tensor.dtype for tensor in untrained.values()} == {torch.float64}
    for name, tensor in untrained.items():
        if tensor.dim() == 2 and name != "unembedding.weight":  # that is the embedding
            # The spread of n numbers is known to about 0.02 / sqrt(2n).
            assert tensor.std().item() == pytest.approx(0.02, abs=4 * 0.02 / (2 * tensor.numel()) ** 0.5)
        elif tensor.dim() == 1:
            assert (tensor == (1 if name == "masked_head_norm.weight" else 0)).all()
    ids = torch.tensor([[1, 2, 3]])
    output = theirs(ids)
    if architecture == "BertForMaskedLM":
        torch.testing.assert_close(ours(ids), output.logits, atol=1e-10, rtol=0)
    else:
        torch.testing.assert_close(ours.encode(ids), output.last_hidden_state, atol=1e-10, rtol=0)
        torch.testing.assert_close(ours.pool(ours.encode(ids)), output.pooler_output, atol=1e-10, rtol=0)


@pytest.mark.parametrize("name", ["llama", "gpt2-untied"])
def test_a_model_without_its_head_is_read(name, tmp_path):
    """As ``AutoModel`` saves it: without prefix and without unembedding."""
    whole = randomise(THEIRS[name]().double())
    theirs = getattr(whole, whole.base_model_prefix)
    theirs.save_pretrained(tmp_path)
    with pytest.warns(UserWarning, match=r"without unembedding\.weight"):
        ours = load_pretrained(tmp_path, dtype=torch.float64)
    ids = torch.tensor([[1, 2, 3]])
    torch.testing.assert_close(ours.hidden(ids), theirs(ids).last_hidden_state, atol=1e-10, rtol=0)


@pytest.mark.parametrize(
    ("name", "changes", "message"),
    [
        ("gpt2", {"model_type": "mamba"}, "model_type='mamba'; supported: 'gpt2', 'llama', 'bert', 'marian'"),
        ("gpt2", {"activation_function": "relu"}, "activation_function='relu'; supported: 'gelu_new'"),
        ("gpt2", {"n_embd": None}, "config.json has no n_embd"),
        ("llama", {"attention_bias": True}, "attention_bias=True; supported: False"),
        (
            "llama",
            {"rope_parameters": {"rope_type": "longrope"}},
            "rope_type='longrope'; supported: 'default'",
        ),
        ("bert", {"position_embedding_type": "relative_key"}, "position_embedding_type='relative_key'"),
        ("marian", {"decoder_ffn_dim": 5}, "decoder_ffn_dim=5; supported: 72"),
        ("marian", {"activation_function": "mish"}, "activation_function='mish'"),
    ],
)
def test_what_our_models_do_not_have_is_refused(name, changes, message, tmp_path):
    save_pretrained(OURS[name](), tmp_path)
    config = json.loads((tmp_path / "config.json").read_text())
    (tmp_path / "config.json").write_text(json.dumps({**config, **changes}))
    with pytest.raises(ValueError, match=message):
        load_pretrained(tmp_path)


def test_models_without_a_format_are_refused(tmp_path):
    model = LSTMLanguageModel(LSTMConfig(vocab_size=5, d_model=4, num_layers=1))
    with pytest.raises(TypeError, match="LSTMLanguageModel has no counterpart"):
        save_pretrained(model, tmp_path)


def test_a_marian_norm_that_cannot_be_stored_is_refused(tmp_path):
    model = EncoderDecoder(EncoderDecoderConfig(**SIZES, norm_eps=1e-6))
    with pytest.raises(ValueError, match="norm_eps=1e-06 cannot be stored"):
        save_pretrained(model, tmp_path)


@pytest.mark.parametrize("dtype", TOLERANCE)
@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (lambda: GPT(GPTConfig(**SIZES, bias=False)), transformers.GPT2LMHeadModel),
        (
            lambda: Llama(
                LlamaConfig(
                    **{**SIZES, "num_heads": 6},
                    num_kv_heads=2,
                    d_head=4,
                    d_ff=22,
                    rope_base=500.0,
                    rope_layout="interleaved",
                )
            ),
            transformers.LlamaForCausalLM,
        ),
        (
            lambda: Llama(LlamaConfig(**SIZES, d_ff=22, rope_layout="interleaved", tie_embeddings=True)),
            transformers.LlamaForCausalLM,
        ),
    ],
    ids=["gpt-without-biases", "llama-interleaved", "llama-interleaved-tied"],
)
def test_what_the_formats_do_not_have_is_written_as_a_model_of_equal_outputs(ours, theirs, dtype, tmp_path):
    model = randomise(ours().to(dtype))
    save_pretrained(model, tmp_path)
    assert_same_logits(model, theirs.from_pretrained(tmp_path, dtype=dtype), TOLERANCE[dtype])
    again, ids = load_pretrained(tmp_path, dtype=dtype), torch.arange(8)[None]
    torch.testing.assert_close(again(ids), model(ids), atol=TOLERANCE[dtype], rtol=0)


@pytest.mark.parametrize(
    "tokenizer",
    [
        train_bpe("low lower lowest", 260, progress=False),
        train_wordpiece("low lower lowest", 40, progress=False),
        train_unigram("low lower lowest", 280, progress=False),
    ],
    ids=["BPE", "WordPiece", "Unigram"],
)
def test_the_tokenizer_beside_a_model_is_of_the_kind_that_was_saved(tokenizer, tmp_path):
    tokenizer.save(tmp_path / "tokenizer.json")
    loaded = load_tokenizer(tmp_path)
    assert type(loaded) is type(tokenizer)
    assert loaded.encode("lower slow") == tokenizer.encode("lower slow")


def test_a_tokenizer_of_another_kind_is_refused(tmp_path):
    (tmp_path / "tokenizer.json").write_text('{"model": {"type": "WordLevel"}}')
    with pytest.raises(ValueError, match="a tokenizer of type 'WordLevel'; supported: BPE, WordPiece, Unigram"):
        load_tokenizer(tmp_path)
