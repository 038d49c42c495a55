# approach: torch's own attention
import torch


def multi_head_attention(x, mask, w_query, w_key, w_value, w_output, num_heads):
    batch_size, num_tokens, d_model = x.shape

    def heads(w):
        return torch.matmul(x, w).view(batch_size, num_tokens, num_heads, d_model // num_heads).transpose(1, 2)

    mixed = torch.nn.functional.scaled_dot_product_attention(
        heads(w_query), heads(w_key), heads(w_value), attn_mask=mask[:, None]
    )
    return mixed.transpose(1, 2).reshape(batch_size, num_tokens, d_model) @ w_output
