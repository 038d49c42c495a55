"""Conversations: special tokens, which no text can contain, mark who says what."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from lmkit.tasks.instructions import MarkedTokens
from lmkit.tokenizers import Tokenizer

ChatRole = Literal["system", "user", "assistant"]
"""Who speaks: "system" sets the rules, "user" asks, "assistant" answers."""


@dataclass(frozen=True, kw_only=True)
class Message:
    """One turn of a conversation.

    Args:
        role: Who speaks.
        content: The text of the message.

    Example:
        >>> Message(role="user", content="Tell me a story.").role
        'user'
    """

    role: ChatRole
    content: str


@dataclass(frozen=True, kw_only=True)
class ChatTemplate:
    """The special tokens of a conversation; the tokenizer must have all of them.

    Args:
        system: Starts a system message.
        user: Starts a user message.
        assistant: Starts an assistant message.
        end: Ends each message.

    Example:
        >>> ChatTemplate(end="</s>").special_tokens
        ('<|system|>', '<|user|>', '<|assistant|>', '</s>')
    """

    system: str = "<|system|>"
    user: str = "<|user|>"
    assistant: str = "<|assistant|>"
    end: str = "<|end|>"

    @property
    def special_tokens(self) -> tuple[str, ...]:
        """All special tokens, in the form that the training of a tokenizer expects."""
        return self.system, self.user, self.assistant, self.end


def encode_chat(
    tokenizer: Tokenizer,
    messages: Sequence[Message],
    *,
    template: ChatTemplate | None = None,
    start_answer: bool = False,
) -> MarkedTokens:
    """Turn a conversation into token ids, each message as ``[role] content [end]``.

    The special tokens are inserted as ids, and contents are encoded as ordinary text. If a user types
    ``<|assistant|>``, the model sees thirteen characters, so no message can imitate another role.

    Args:
        tokenizer: A tokenizer that has the template's special tokens.
        messages: An optional system message, then user and assistant in turns, beginning with the user.
        template: The special tokens; ``None`` for the defaults of :class:`ChatTemplate`.
        start_answer: Whether to append the token that starts an assistant message, for a model to continue.

    Returns:
        Token ids, and which of them the assistant generates: the contents and end tokens of its messages, but not the
        tokens that start them.

    Raises:
        ValueError: If the tokenizer lacks a special token, or the messages are not in this order.

    Example:
        >>> from lmkit.tokenizers import train_bpe
        >>> tokenizer = train_bpe("hi", 260, ChatTemplate().special_tokens, progress=False)
        >>> messages = [Message(role="user", content="hi"), Message(role="assistant", content="<|end|>")]
        >>> token_ids, is_answer = encode_chat(tokenizer, messages)
        >>> tokenizer.decode(token_ids)
        '<|user|>hi<|end|><|assistant|><|end|><|end|>'
        >>> len(token_ids), is_answer.index(True)  # the assistant's text "<|end|>" is seven bytes
        (13, 5)
    """
    template = template or ChatTemplate()
    for token in template.special_tokens:
        if token not in tokenizer.special_tokens:
            raise ValueError(
                f"template has {token!r}, but the tokenizer's special tokens are {list(tokenizer.special_tokens)}"
            )
    _require_turns(messages, start_answer)
    ids = tokenizer.special_tokens
    row = MarkedTokens([], [])
    for message in messages:
        written = [*tokenizer.encode(message.content), ids[template.end]]
        row.token_ids.extend([ids[getattr(template, message.role)], *written])
        row.is_answer.extend([False, *[message.role == "assistant"] * len(written)])
    if start_answer:
        row.token_ids.append(ids[template.assistant])
        row.is_answer.append(False)
    return row


def _require_turns(messages: Sequence[Message], start_answer: bool) -> None:
    roles = [message.role for message in messages]
    turns = roles[1:] if roles[:1] == ["system"] else roles
    for number, role in enumerate(turns):
        expected = ("user", "assistant")[number % 2]
        if role != expected:
            position = number + len(roles) - len(turns)
            raise ValueError(f"messages[{position}] has role={role!r}, but it must be {expected!r}")
    if not turns:
        raise ValueError(f"messages has the roles {roles}: at least one user message is needed")
    if start_answer and turns[-1] == "assistant":
        raise ValueError("start_answer=True needs a user message at the end, for the assistant to answer")
