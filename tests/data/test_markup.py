import pytest
from hypothesis import given
from hypothesis import strategies as st

from lmkit.data import strip_markup


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ("<p>one</p><p>two</p>", "one\n\ntwo"),
        ("one<br/>two<br>three", "one\ntwo\nthree"),
        ('a <a href="x>y">link</a> &amp; more&nbsp;&#65;', "a link & more\xa0A"),
        ("<script>if (a < b) { x('<p>') }</script>kept<style>p {}</style>", "kept"),
        ("kept <!-- dropped <b> --> kept", "kept  kept"),
        ("vector<int> a < b && b > c <- x <3", "vector<int> a < b && b > c <- x <3"),
        ("Map<String, Integer></String>", "Map<String, Integer></String>"),
        ("see http://example.org/?a=1&copy=2 &amp; more", "see http://example.org/?a=1&copy=2 &amp; more"),
        ("<!DOCTYPE html><title>Map&lt;K&gt;</title>List<T>", "Map<K>\nList<T>"),
        ("5 < 6", "5 < 6"),
        ("no markup at all\n", "no markup at all\n"),
        ("<P CLASS=x>UPPER</P>", "UPPER"),
        ("<p>a line\nbreak  in\n\tthe source</p>", "a line break in the source"),
        ("<p>中文的\n换行和English\nwords</p>", "中文的换行和English words"),
        ("<p>日本語の\n  改行</p>", "日本語の改行"),
        ("<pre>two\n  lines</pre>", "two\n  lines"),
        ("<div>\n  <p>one</p>\n  <p>two</p>\n</div>", "one\n\ntwo"),
        ("<html><body>one\ntwo<br>\nthree</body></html>", "one two\nthree"),
        ("<ul>\n<li>one\n<li>two\n</ul>", "one\ntwo"),
        ("top\nlevel <b>bold\ntext</b>", "top\nlevel bold\ntext"),
        ("<p>one<p>two", "one\ntwo"),
        ('<img src="a.png" alt="x">after', "after"),
        ("<SCRIPT>x()</Script >after", "after"),
        ("<b>one <i>two</b> three</i>", "one two three"),
        ("<td>1</td><td>2</td>", "1\n\n2"),
        ("<!-- a --><!-- b -->c", "c"),
        ("<p>Elements of style</p>", "Elements of style"),
        ("<p>\nTags are many</p>", "Tags are many"),
        ("<p>中文<b>粗体</b>文字</p>", "中文粗体文字"),
        ('<a title="a > b" href=x>y</a>', "y"),
    ],
)
def test_tags_go_and_text_stays(page, expected):
    assert strip_markup(page) == expected


@pytest.mark.parametrize(
    "prose",
    [
        "Put your code in a <script> tag. Everything after it stays.",
        "Use the <br> tag, or a <p> element, not <div>.",
        "Write <b> and </b> around a word.",
        "between <script> and </script> there is code",
        "Pair<U> is a type, and so is List<P>.",
        "x <b and y> c",
        "if a <b or c> d",
        "Optional<A> a; Map<A, B> b;",
        "fn f<S>(s: S) -> Vec<S>",
        "The tag \"<b>\" makes bold, '<i>' italic.",
        "Markdown has `<div>` and `<b>x</b>` in code.",
        "```html\n<p>one</p>\n```",
        "``a `<b>` b</b>``",
        "An <img> needs a source, <input> a name.",
        "使用<br>标签换行",
        "用 <b> 和 </b> 加粗",
        "段落は<p>タグ",
        "コードは<script>タグの中に書く。",
        "“<em>” is emphasis",
        "<!-- never closed",
        "<script>never closed",
        "</b> closes nothing",
        "a < b > c <3 <- <= >=",
        "std::vector<int> v; std::map<std::string, u> m;",
        "<T extends U>",
        "#include <time.h>",
        "<a@example.com>",
        "e <i, j> f",
        "&lt;b&gt; &amp;",
        "<unknown>text</unknown>",
        '<a b="',
        "cat <file >out",
    ],
)
def test_prose_about_markup_and_code_is_not_touched(prose):
    assert strip_markup(prose) == prose


@given(st.text(st.characters(codec="utf-8", exclude_characters="<&")))
def test_text_without_markup_is_not_touched(document):
    assert strip_markup(document) == document


@given(st.text(st.sampled_from("<>/ab p\"'=`!-\n")))
def test_any_text_can_be_stripped(document):
    assert set(strip_markup(document)) <= set(document) | {" ", "\n"}
