"""Random corpora of few different words, so that they have much in common, with marks that tokenizers differ on."""

from hypothesis import strategies as st

WORDS = [
    "the",
    "cat",
    "the",
    "Cat's",
    "on",
    "3.5",
    "a-b",
    "(sat)",
    "mat.",
    "1,000",
    "...",
    "5-6",
    "&amp;",
    "café",
    "猫",
    "%",
]
CHINESE = "小明有十二个苹果,。“”—3.5a 𠀀"

english_texts = st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join)
chinese_texts = st.text(alphabet=CHINESE, max_size=12)
any_texts = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=12)


def corpora(texts, max_references=3, min_size=1):
    """Lists of hypotheses and, of the same length, lists of references."""
    example = st.tuples(texts, st.lists(texts, min_size=1, max_size=max_references))
    return st.lists(example, min_size=min_size, max_size=4).map(
        lambda examples: ([first for first, _ in examples], [second for _, second in examples])
    )


def transposed(references):
    """References as sacrebleu wants them: by number, then by sentence; None where a sentence has no more."""
    most = max(map(len, references))
    return [[texts[number] if number < len(texts) else None for texts in references] for number in range(most)]
