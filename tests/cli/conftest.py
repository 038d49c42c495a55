import pytest

from lmkit.data import END_OF_TEXT
from lmkit.models import BERT, GPT, BERTConfig, EncoderDecoder, EncoderDecoderConfig, GPTConfig, save_pretrained
from lmkit.recipes.storyworld_translation import END_OF_SENTENCE, PADDING
from lmkit.storyworld import StoryWorld
from lmkit.tokenizers import train_bpe, train_wordpiece

SIZES = {"context_length": 300, "d_model": 16, "num_layers": 1, "num_heads": 2}


@pytest.fixture(scope="session")
def bases(tmp_path_factory):
    """Small models that know nothing, in place of those that come with the package."""
    stories = list(StoryWorld().stories(40, seed=1))
    wordpiece = train_wordpiece([story.text for story in stories], 300, progress=False)
    texts = [text for story in stories for text in (story.text, story.text_zh)]
    bpe = train_bpe(texts, 600, (END_OF_TEXT, END_OF_SENTENCE, PADDING), progress=False)
    models = {
        "storyworld-bert": (BERT(BERTConfig(vocab_size=wordpiece.vocab_size, **SIZES)), wordpiece),
        "storyworld-gpt": (GPT(GPTConfig(vocab_size=bpe.vocab_size, **SIZES)), bpe),
        "storyworld-translation": (EncoderDecoder(EncoderDecoderConfig(vocab_size=bpe.vocab_size, **SIZES)), bpe),
    }
    folders = {}
    for name, (model, tokenizer) in models.items():
        folders[name] = tmp_path_factory.mktemp(name)
        save_pretrained(model, folders[name])
        tokenizer.save(folders[name] / "tokenizer.json")
    return folders
