import pytest
import torch

from lmkit.finetuning import (
    BiEncoder,
    ExactSearch,
    FaissSearch,
    FineTuningConfig,
    Index,
    embed_texts,
    fine_tune,
    matching_objective,
)
from lmkit.tasks import matching_batches

DOCUMENTS = ["anna saw a kite.", "tom ran in oslo.", "kate slept in rome.", "good day.", "bad day."]


def test_an_index_ranks_by_the_cosine(encoder_and_format):
    encoder, input_format = encoder_and_format
    model = BiEncoder(encoder)
    index = Index(model, DOCUMENTS, input_format, batch_size=2)
    query = "anna ran in rome"
    (query_vector,) = embed_texts(model, [query], input_format)
    cosines = torch.cosine_similarity(query_vector, embed_texts(model, DOCUMENTS, input_format), dim=-1)
    hits = index.search(query, 3)
    assert [hit.number for hit in hits] == cosines.argsort(descending=True)[:3].tolist()
    assert [hit.document for hit in hits] == [DOCUMENTS[hit.number] for hit in hits]
    assert [hit.score for hit in hits] == pytest.approx([cosines[hit.number].item() for hit in hits], abs=1e-10)
    assert len(index.search(query, 100)) == len(DOCUMENTS)
    both = index.search_all([query, "good day"], 3)
    assert [hit.number for hit in both[0]] == [hit.number for hit in hits]
    assert index.search_all([]) == []
    many = Index(model, DOCUMENTS * 3, input_format)
    assert len(many.search(query)) == len(many.search_all([query])[0]) == 10


def test_a_trained_index_finds_what_belongs_together(bert, bert_format):
    pairs = [("who saw a kite?", DOCUMENTS[0]), ("who ran?", DOCUMENTS[1]), ("where slept kate?", DOCUMENTS[2])]
    pairs += [("good?", DOCUMENTS[3]), ("bad?", DOCUMENTS[4])]
    model = BiEncoder(bert)
    batches = matching_batches(
        pairs, bert_format, batch_size=5, generator=torch.Generator().manual_seed(0), num_epochs=None
    )
    config = FineTuningConfig(num_steps=40, learning_rate=3e-3)
    fine_tune(model, batches, config, objective=matching_objective, progress=False)
    index = Index(model, DOCUMENTS, bert_format)
    assert [index.search(query, 1)[0].document for query, _ in pairs] == DOCUMENTS


def test_faiss_finds_nearly_what_the_product_finds():
    pytest.importorskip("faiss")
    generator = torch.Generator().manual_seed(0)
    vectors = torch.nn.functional.normalize(torch.randn(2000, 16, generator=generator), dim=-1)
    queries = torch.nn.functional.normalize(torch.randn(50, 16, generator=generator), dim=-1)
    _, numbers = ExactSearch(vectors).nearest(queries, 10)
    assert torch.equal(numbers, (queries @ vectors.T).argsort(dim=-1, descending=True)[:, :10])
    scores_faiss, numbers_faiss = FaissSearch(vectors).nearest(queries, 10)
    num_found = sum(torch.isin(ours, theirs).sum().item() for ours, theirs in zip(numbers, numbers_faiss, strict=True))
    assert num_found > 0.95 * numbers.numel()
    torch.testing.assert_close(scores_faiss, (queries @ vectors.T).gather(1, numbers_faiss))
    all_of_few, _ = FaissSearch(vectors[:3]).nearest(queries, 10)
    assert all_of_few.shape == (50, 3)


def test_an_index_with_faiss(bert, bert_format):
    pytest.importorskip("faiss")
    model = BiEncoder(bert.eval())
    exact, graph = (Index(model, DOCUMENTS, bert_format, make_search=make) for make in (ExactSearch, FaissSearch))
    assert [hit.number for hit in graph.search("tom", 5)] == [hit.number for hit in exact.search("tom", 5)]


def test_errors(bert, bert_format):
    with pytest.raises(ValueError, match="documents is empty"):
        Index(BiEncoder(bert), [], bert_format)
    with pytest.raises(ValueError, match="k=0 must be at least 1"):
        Index(BiEncoder(bert), DOCUMENTS, bert_format).search("anna", 0)
