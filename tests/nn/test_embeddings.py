import torch

from lmkit.nn import TokenEmbedding, tie


def test_a_lookup_is_a_product_with_one_hot_vectors():
    embedding = TokenEmbedding(7, 4, scale=2.0)
    token_ids = torch.tensor([[0, 6], [3, 3]])
    one_hot = torch.nn.functional.one_hot(token_ids, 7).float()
    torch.testing.assert_close(embedding(token_ids), 2 * one_hot @ embedding.weight)


def test_tied_layers_share_one_gradient():
    embedding, unembedding = TokenEmbedding(7, 4), torch.nn.Linear(4, 7, bias=False)
    tie(unembedding, embedding)
    unembedding(embedding(torch.tensor([2]))).sum().backward()
    row = embedding.weight.detach()
    expected = row[2].repeat(7, 1)  # as output each row sees the hidden state
    expected[2] += row.sum(0)  # as input row 2 sees all outputs
    torch.testing.assert_close(embedding.weight.grad, expected)
