"""Markdown of a model to safe HTML, one top-level block at a time.

Raw HTML is off, link reference definitions are off (a later definition would change an earlier
block), footnotes are plain marks, and no image loads by itself. The order is always markdown,
then the sanitiser, then the page: nothing touches the HTML after nh3.
"""

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.common.utils import MD_TRIM_CHARS
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from mdit_py_plugins.tasklists import tasklists_plugin
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

from chat.leaves import Leaf, ends_in_text, is_closed, last_shown, leaf_of, open_items
from chat.markdown_rules import footnotes_plugin, math_plugin

# What markdown strips from the ends of a paragraph, heading or cell.
SPACES = MD_TRIM_CHARS
# Longer code is shown without colours; highlighting is linear but not free.
MAX_HIGHLIGHT = 100_000

_MATH_TAGS = {
    "math", "mfrac", "mi", "mn", "mo", "mover", "mpadded", "mphantom", "mroot", "mrow", "mspace",
    "msqrt", "mstyle", "msub", "msubsup", "msup", "mtable", "mtd", "mtext", "mtr", "munder",
    "munderover", "menclose",
}  # fmt: skip
_TAGS = _MATH_TAGS | {
    "a", "blockquote", "br", "code", "del", "div", "em", "h1", "h2", "h3", "h4", "h5",
    "h6", "header", "hr", "input", "label", "li", "ol", "p", "pre", "s", "span", "strong", "sup",
    "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
_ATTRIBUTES = {
    "*": {"class"},
    "a": {"href", "title"},
    "div": {"tabindex"},
    "input": {"type", "checked", "disabled"},
    "math": {"display"},
    "mo": {"stretchy", "fence", "form", "separator", "lspace", "rspace", "minsize", "maxsize"},
    "mtable": {"columnalign", "rowspacing", "columnspacing"},
    "mspace": {"width"},
    "ol": {"start"},
    "pre": {"tabindex"},
    "td": {"data-align"},
    "th": {"data-align"},
}
_SCHEMES = {"http", "https", "mailto"}
_LINK = re.compile(r"(?:https?://|mailto:)", re.IGNORECASE)
_FORMATTER = HtmlFormatter(nowrap=True)
_CLEANER = nh3.Cleaner(
    tags=_TAGS,
    attributes=_ATTRIBUTES,
    url_schemes=_SCHEMES,
    link_rel="noopener noreferrer nofollow",
    set_tag_attribute_values={"a": {"target": "_blank"}},
)


def render(block: str) -> str:
    """Safe HTML of one markdown block (or of a whole text that needs no streaming)."""
    return _CLEANER.clean(_MD.render(block))


@dataclass(frozen=True)
class Inline:
    """The HTML of what stands within a paragraph, heading or table cell."""

    html: str
    is_closed: bool  # as of `Leaf`
    ends_in_text: bool


def draw(block: str) -> tuple[str, Leaf | None]:
    """Safe HTML of a block that still grows, and its end where that is text.

    Code that ends the block has no colours yet, and an open formula is shown as it is written:
    they would be drawn anew for each word.
    """
    tokens = _MD.parse(block)
    env = {"growing": tokens[last_shown(tokens)] if tokens else None}
    page = _CLEANER.clean(_MD.renderer.render(tokens, _MD.options, env))
    leaf = leaf_of(tokens, block.rpartition("\n")[2], _rendered) if tokens else None
    return page, leaf if leaf and page.endswith(leaf.foot) else None


def _rendered(tokens: Sequence[Token]) -> str:
    return str(_MD.renderer.render(tokens, _MD.options, {}))


def inline(text: str) -> Inline:
    """Draw text that is known to begin no block."""
    [token] = _MD.parseInline(text)
    # A sanitiser takes U+FEFF at the very beginning for a byte order mark.
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    html = mark + _CLEANER.clean(_rendered([token]))
    return Inline(html, is_closed(token), ends_in_text(token.children or []))


def escape(text: str) -> str:
    """Text as HTML, as the sanitiser writes it."""
    return html.escape(text, quote=False).replace("\xa0", "&nbsp;")


def _highlighted(code: str, language: str) -> str:
    if not language or len(code) > MAX_HIGHLIGHT:
        return escape(code)
    try:
        lexer = get_lexer_by_name(language, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return escape(code)
    return highlight(code, lexer, _FORMATTER)


def _code_block(code: str, language: str, *, coloured: bool) -> str:
    name = escape(language) or "text"
    shown = _highlighted(code, language) if coloured else escape(code)
    return (
        f'<div class="code"><header><span>{name}</span></header>'
        f'<pre tabindex="0"><code>{shown}</code></pre></div>\n'
    )


def _render_fence(
    renderer: RendererHTML,
    tokens: Sequence[Token],
    index: int,
    options: OptionsDict,
    env: EnvType,
) -> str:
    token = tokens[index]
    language = token.info.split()[0] if token.info.split() else ""
    return _code_block(token.content, language, coloured=token is not env.get("growing"))


def _render_image(
    renderer: RendererHTML,
    tokens: Sequence[Token],
    index: int,
    options: OptionsDict,
    env: EnvType,
) -> str:
    """A picture in a reply becomes a link: nothing is fetched unless a person asks."""
    token = tokens[index]
    source = str(token.attrs.get("src", ""))
    label = token.content or source
    return f'<a href="{html.escape(source)}">{escape(label)}</a>'


def _render_table_open(
    renderer: RendererHTML,
    tokens: Sequence[Token],
    index: int,
    options: OptionsDict,
    env: EnvType,
) -> str:
    return '<div class="table" tabindex="0"><table>\n'


def _render_table_close(
    renderer: RendererHTML,
    tokens: Sequence[Token],
    index: int,
    options: OptionsDict,
    env: EnvType,
) -> str:
    return "</table></div>\n"


def _render_cell_open(
    renderer: RendererHTML,
    tokens: Sequence[Token],
    index: int,
    options: OptionsDict,
    env: EnvType,
) -> str:
    """Alignment as a data attribute: the policy of this site forbids style attributes."""
    token = tokens[index]
    style = str(token.attrs.get("style", ""))
    align = style.removeprefix("text-align:")
    return f'<{token.tag} data-align="{align}">' if align else f"<{token.tag}>"


def _build() -> MarkdownIt:
    md = MarkdownIt("commonmark", {"html": False, "linkify": True, "breaks": False})
    md.enable(["table", "strikethrough", "linkify"])
    md.disable(["reference", "html_block", "html_inline"])
    if md.linkify is not None:
        md.linkify.set({"fuzzy_link": False, "fuzzy_email": False, "fuzzy_ip": False})
    md.use(tasklists_plugin, label=True)
    md.use(math_plugin)
    md.use(footnotes_plugin)
    md.validateLink = lambda url: bool(_LINK.match(url))  # type: ignore[method-assign]
    rules: dict[str, Any] = {
        "fence": _render_fence,
        "code_block": _render_fence,
        "image": _render_image,
        "table_open": _render_table_open,
        "table_close": _render_table_close,
        "th_open": _render_cell_open,
        "td_open": _render_cell_open,
    }
    for name, rule in rules.items():
        md.add_render_rule(name, rule)
    return md


_MD = _build()


def blocks(text: str) -> list[tuple[str, int, int]]:
    """The top-level blocks of a text: token type, first line, and the line after its last."""
    tokens: list[Token] = []
    _MD.block.parse(text, _MD, {}, tokens)
    return [
        (token.type, token.map[0], token.map[1])
        for token in tokens
        if token.level == 0 and token.nesting >= 0 and token.map is not None
    ]


def last_items(text: str) -> list[int]:
    """The lines on which the last item of a list begins, of the list that ends it, and so on."""
    tokens: list[Token] = []
    _MD.block.parse(text, _MD, {}, tokens)
    if sum(token.level == 0 and token.nesting >= 0 for token in tokens) != 1:
        return []
    return [item.line for item in open_items(tokens)]
