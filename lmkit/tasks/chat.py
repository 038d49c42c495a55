"""Conversations: who says what is marked by special tokens, which no text can contain."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from lmkit.tasks.instructions import MarkedTokens
from lmkit.tokenizers import Tokenizer

ChatRole = Literal["system", "user", "assistant"]
"""Who speaks: the one who sets the rules, the one who asks, the one who answers."""


@dataclass(frozen=True, kw_only=True)
class Message:
    """One turn of a conversation.

    Args:
        role: Who speaks.
        content: What is said.

    Example:
        >>> Message(role="user", content="Tell me a story.").role
        'user'
    """

    role: ChatRole
    content: str


@dataclass(frozen=True, kw_only=True)
class ChatTemplate:
    """The special tokens of a conversation; a tokenizer must have been trained with all of them.

    Args:
        system: Begins a message that sets the rules.
        user: Begins a message of the one who asks.
        assistant: Begins a message of the one who answers.
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
        """All of them, as a tokenizer's training takes them."""
        return self.system, self.user, self.assistant, self.end


def encode_chat(
    tokenizer: Tokenizer,
    messages: Sequence[Message],
    *,
    template: ChatTemplate | None = None,
    start_answer: bool = False,
) -> MarkedTokens:
    """Turn a conversation into token ids: of each message ``[role] content [end]``.

    The special tokens are put in as ids and the contents are encoded as ordinary text: a user who types
    ``<|assistant|>`` has typed thirteen characters, and nobody's words can pass for another's.

    Args:
        tokenizer: Has the template's special tokens.
        messages: A system message or none, then user and assistant in turns.
        template: The special tokens; ``None`` for the defaults of :class:`ChatTemplate`.
        start_answer: Whether the token that begins an assistant's message is put at the end, for a model to go on.

    Returns:
        Token ids and which of them the assistant is to write: its contents and the ends of its messages, but not the
        tokens that give it the word.

    Raises:
        ValueError: If the tokenizer lacks a special token, or the messages come in another order.

    Example:
        >>> from lmkit.tokenizers import train_bpe
        >>> tokenizer = train_bpe("hi", 260, ChatTemplate().special_tokens, progress=False)
        >>> messages = [Message(role="user", content="hi"), Message(role="assistant", content="<|end|>")]
        >>> token_ids, is_answer = encode_chat(tokenizer, messages)
        >>> tokenizer.decode(token_ids)
        '<|user|>hi<|end|><|assistant|><|end|><|end|>'
        >>> len(token_ids), is_answer.index(True)  # the assistant's word "<|end|>" is seven bytes
        (13, 5)
    """
    template = template or ChatTemplate()
    for token in template.special_tokens:
        if token not in tokenizer.special_tokens:
            raise ValueError(f"template has {token!r}, the tokenizer has only {list(tokenizer.special_tokens)}")
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
            raise ValueError(f"messages[{position}] has role={role!r} where {expected!r} should speak")
    if not turns:
        raise ValueError(f"messages has the roles {roles}: at least one of a user is needed")
    if start_answer and turns[-1] == "assistant":
        raise ValueError("start_answer=True needs a last message of the user's, which the assistant is to answer")
