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

from chat.markdown_rules import PAREN_MATH, footnotes_plugin, math_plugin

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
# Marks that are shown as text, and might still be matched by later ones. An underscore within a
# word never is.
_OPEN_MARK = re.compile(r"[*`$\[\\]|~~|(?<![^\W_])_|_(?![^\W_])")
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
class Leaf:
    """The paragraph, heading or table cell that ends a block, when text can be added to it."""

    kind: str  # the type of the top-level token it stands in
    content: str  # its markdown
    is_closed: bool  # as of `Inline`
    ends_in_text: bool
    foot: str  # the HTML after its last character
    items: list[int]  # the lines on which the list items that it stands in begin


@dataclass(frozen=True)
class Inline:
    """The HTML of what stands within a paragraph, heading or table cell."""

    html: str
    is_closed: bool  # nothing behind a space can change how it is drawn
    ends_in_text: bool  # rather than in emphasis, code, a link or a formula


def draw(block: str) -> tuple[str, Leaf | None]:
    """Safe HTML of a block that still grows, and its end where that is text.

    Code that ends the block has no colours yet: it would be coloured anew for each word.
    """
    tokens = _MD.parse(block)
    last = len(tokens) - 1
    while last >= 0 and _shows_nothing(tokens[last]):
        last -= 1
    env = {"growing": tokens[last] if tokens else None}
    page = _CLEANER.clean(_MD.renderer.render(tokens, _MD.options, env))
    leaf = _leaf(tokens, last, block.rpartition("\n")[2])
    return page, leaf if leaf and page.endswith(leaf.foot) else None


def inline(text: str) -> Inline:
    """Draw text that is known to begin no block."""
    [token] = _MD.parseInline(text)
    children = token.children or []
    html = _MD.renderer.render([token], _MD.options, {})
    return Inline(_CLEANER.clean(html), _is_closed(token), _ends_in_text(children))


def _is_closed(token: Token) -> bool:
    if "\\" in PAREN_MATH.sub("", token.content):
        return False
    shown = (child.content for child in token.children or [] if child.type == "text")
    return not any(map(_OPEN_MARK.search, shown))


def _ends_in_text(children: Sequence[Token]) -> bool:
    return bool(children) and children[-1].type == "text"


def _shows_nothing(token: Token) -> bool:
    """Whether a token is the end of something, or a cell not yet written."""
    empty = token.type == "inline" and not token.content
    return empty or token.nesting == -1 or token.type == "td_open"


def _leaf(tokens: list[Token], index: int, line: str) -> Leaf | None:
    token, children = tokens[index], list(tokens[index].children or [])
    if not children or not _is_last_cell(tokens, index, line):
        return None
    foot = _MD.renderer.render(tokens[index + 1 :], _MD.options, {})
    if children[-1].content == "</label>":
        foot = children.pop().content + foot
    kind = next(token.type for token in reversed(tokens) if token.level == 0 and token.nesting == 1)
    return Leaf(
        kind, token.content, _is_closed(token), _ends_in_text(children), foot, _open_items(tokens)
    )


def _is_last_cell(tokens: list[Token], index: int, line: str) -> bool:
    """Whether what follows a cell still belongs to it: cells beyond the last column are dropped."""
    if tokens[index - 1].type != "td_open":
        return True
    row = next(start for start in range(index, 0, -1) if tokens[start].type == "tr_open")
    columns = sum(token.type == "td_open" for token in tokens[row:])
    return line.count("|") <= columns - (not line.startswith("|"))


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
    return _open_items(tokens)


def _open_items(tokens: list[Token]) -> list[int]:
    depth = 0
    while depth < len(tokens) and tokens[-1 - depth].type.endswith(("list_close", "item_close")):
        depth += 1
    if depth < 2:
        return []
    begins = {token.level: token.map[0] for token in tokens if token.nesting == 1 and token.map}
    return [begins[level] for level in range(1, depth, 2)]
