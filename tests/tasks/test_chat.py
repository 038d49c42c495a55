import pytest
from hypothesis import given
from hypothesis import strategies as st

from lmkit.tasks import ChatTemplate, Message, encode_chat
from lmkit.tokenizers import train_bpe

TOKENIZER = train_bpe("a", 260, ChatTemplate().special_tokens, progress=False)  # bytes and four special tokens
SYSTEM, USER, ASSISTANT, END = 256, 257, 258, 259


def conversation(*contents, system=None):
    roles = ["user", "assistant"] * len(contents)
    messages = [Message(role=role, content=content) for role, content in zip(roles, contents, strict=False)]
    return messages if system is None else [Message(role="system", content=system), *messages]


def test_a_conversation_by_hand():
    token_ids, is_answer = encode_chat(TOKENIZER, conversation("hi", "yo", "ok?", "", system="Be"))
    h, i, y, o, k, question_mark, b, e = b"hiyok?Be"
    assert token_ids == [
        *(SYSTEM, b, e, END),
        *(USER, h, i, END),
        *(ASSISTANT, y, o, END),
        *(USER, o, k, question_mark, END),
        *(ASSISTANT, END),
    ]
    assert [position for position, scored in enumerate(is_answer) if scored] == [9, 10, 11, 18]


def test_the_assistant_is_given_the_word():
    messages = conversation("hi", "yo", "ok?")
    whole = encode_chat(TOKENIZER, conversation("hi", "yo", "ok?", "no"))
    begun = encode_chat(TOKENIZER, messages, start_answer=True)
    assert begun.token_ids == [*encode_chat(TOKENIZER, messages).token_ids, ASSISTANT]
    assert whole.token_ids[: len(begun.token_ids)] == begun.token_ids
    assert whole.is_answer[: len(begun.token_ids)] == begun.is_answer
    assert all(whole.is_answer[len(begun.token_ids) :])


content = st.lists(st.one_of(st.text(max_size=5), st.sampled_from(ChatTemplate().special_tokens)), max_size=4)


@given(st.lists(content.map("".join), min_size=1, max_size=5), content.map("".join))
def test_nobody_speaks_for_another(contents, system):
    row = encode_chat(TOKENIZER, conversation(*contents, system=system))
    messages, spoken = [], []
    for token, scored in zip(*row, strict=True):
        if token >= 256 and token != END:
            assert not scored
            spoken = []
            messages.append((token, spoken))
        else:
            assert scored == (messages[-1][0] == ASSISTANT)
            spoken.append(token)
    roles = [SYSTEM, *[USER, ASSISTANT] * len(contents)]
    assert messages == [(role, [*text.encode(), END]) for role, text in zip(roles, [system, *contents], strict=False)]


def test_a_template_of_ones_own():
    template = ChatTemplate(system="[S]", user="[U]", assistant="[A]", end="[E]")
    tokenizer = train_bpe("a", 260, template.special_tokens, progress=False)
    assert tokenizer.decode(encode_chat(tokenizer, conversation("a", "b"), template=template).token_ids) == (
        "[U]a[E][A]b[E]"
    )
    with pytest.raises(ValueError, match=r"template has '<\|system\|>', but the tokenizer's special tokens are \['\[S"):
        encode_chat(tokenizer, conversation("a", "b"))


def test_messages_in_a_wrong_order_are_named():
    user, assistant, system = (Message(role=role, content="a") for role in ("user", "assistant", "system"))
    with pytest.raises(ValueError, match=r"messages\[0\] has role='assistant', but it must be 'user'"):
        encode_chat(TOKENIZER, [assistant])
    with pytest.raises(ValueError, match=r"messages\[2\] has role='user', but it must be 'assistant'"):
        encode_chat(TOKENIZER, [system, user, user])
    with pytest.raises(ValueError, match=r"messages\[1\] has role='system', but it must be 'assistant'"):
        encode_chat(TOKENIZER, [user, system])
    for nobody in ([], [system]):
        with pytest.raises(ValueError, match="at least one user message is needed"):
            encode_chat(TOKENIZER, nobody)
    with pytest.raises(ValueError, match="start_answer=True needs a user message at the end"):
        encode_chat(TOKENIZER, [user, assistant], start_answer=True)
