from pydoc_data.topics import topics

from lmkit.data import load_documents


def paragraphs(document):
    return {" ".join(part.split()) for part in document.split("\n\n")}


def test_a_topic_that_is_an_excerpt_of_another_is_left_out():
    documents = list(load_documents("pydocs"))
    assert len(documents) > 50
    assert topics["compound"] in documents
    assert len(documents) < len(topics)
    for document in documents:
        own = paragraphs(document)
        for other in documents:
            if len(paragraphs(other)) > len(own):
                assert len(own & paragraphs(other)) < 0.8 * len(own)
