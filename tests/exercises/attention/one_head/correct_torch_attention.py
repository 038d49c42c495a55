# approach: torch's own attention
from torch.nn.functional import scaled_dot_product_attention


def one_head(x, mask, w_query, w_key, w_value):
    return scaled_dot_product_attention(x @ w_query, x @ w_key, x @ w_value, attn_mask=mask)
