# misconception: perplexity is another word for the loss
# message: average negative log-probability in nats; one step is missing
import math


def perplexity(log_probability, num_tokens):
    return -log_probability / num_tokens


def bits_per_byte(log_probability, text):
    return -log_probability / math.log(2) / len(text.encode("utf-8"))
