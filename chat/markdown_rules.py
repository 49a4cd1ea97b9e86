"""Syntax that markdown-it lacks: maths as models write it, and footnotes as plain marks.

Every rule decides by the lines it has read, never by later ones, so that a text cut anywhere
splits into the same blocks as the whole (chat.blocks rests on it).
"""

import contextlib
import functools
import html
import re
from collections.abc import Sequence

from latex2mathml.converter import convert
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

_MAX_LATEX = 4_000
_INLINE_DOLLAR = re.compile(r"\$(?![\s$])((?:\\.|[^$\\\n])+?)(?<!\s)\$(?!\d)")
PAREN_MATH = re.compile(r"\\\(((?:\\(?!\))|[^\\\n])+?)\\\)")
_BLOCK_ENDS = {"$$": "$$", "\\[": "\\]"}
OPEN_FORMULA_FOOT = "</code></div>\n"
_FOOTNOTE_MARK = re.compile(r"\[\^([\w-]{1,20})\](?!:)")
_FOOTNOTE_TEXT = re.compile(r"\[\^([\w-]{1,20})\]:\s*(.*)")


@functools.lru_cache(maxsize=512)  # what stands before the end of a block is drawn with it
def _mathml(latex: str, *, display: bool) -> str:
    """MathML of a LaTeX formula; the formula itself, as code, when it cannot be read."""
    if len(latex) <= _MAX_LATEX:
        with contextlib.suppress(Exception):  # it leaks any error on odd input: then "not maths"
            return str(convert(latex, display="block" if display else "inline"))
    return f"<code>{html.escape(latex)}</code>"


def _inline_math(state: StateInline, silent: bool) -> bool:
    pattern = {"$": _INLINE_DOLLAR, "\\": PAREN_MATH}.get(state.src[state.pos])
    match = pattern.match(state.src, state.pos, state.posMax) if pattern else None
    if match is None:
        return False
    if not silent:
        state.push("math_inline", "math", 0).content = match[1]
    state.pos = match.end()
    return True


def _block_math(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """`$$ … $$` or `\\[ … \\]`; a formula holds no blank line, so the first one ends it too."""
    if state.is_code_block(start):
        return False
    first = state.getLines(start, start + 1, state.blkIndent, False).strip()
    closing = _BLOCK_ENDS.get(first[:2])
    if closing is None or closing in first[2:].removesuffix(closing):
        return False
    if silent:
        return True
    lines, last = [first[2:]], start
    while not lines[-1].rstrip().endswith(closing) and last + 1 < end:
        if state.isEmpty(last + 1) or state.sCount[last + 1] < state.blkIndent:
            break
        last += 1
        lines.append(state.getLines(last, last + 1, state.blkIndent, False))
    token = state.push("math_block", "math", 0)
    token.content = "\n".join(lines).strip().removesuffix(closing).strip()
    token.map = [start, last + 1]
    token.meta["is_closed"] = lines[-1].rstrip().endswith(closing)
    state.line = last + 1
    return True


def is_open_formula(token: Token) -> bool:
    """Whether a token is a formula whose end has not been read."""
    return token.type == "math_block" and not token.meta["is_closed"]


def _render_block_math(
    renderer: RendererHTML,
    tokens: Sequence[Token],
    index: int,
    options: OptionsDict,
    env: EnvType,
) -> str:
    token = tokens[index]
    if token is env.get("growing") and is_open_formula(token):
        shown = f"<code>{html.escape(token.content)}</code>"
    else:
        shown = _mathml(token.content, display=True)
    return f'<div class="formula" tabindex="0">{shown}</div>\n'


def math_plugin(md: MarkdownIt) -> None:
    r"""Maths between `$ $`, `\( \)`, `$$ $$` and `\[ \]`, shown as MathML."""
    md.inline.ruler.before("escape", "math_inline", _inline_math)
    md.block.ruler.before(
        "fence", "math_block", _block_math, {"alt": ["paragraph", "blockquote", "list"]}
    )
    md.add_render_rule(
        "math_inline", lambda self, tokens, i, *_: _mathml(tokens[i].content, display=False)
    )
    md.add_render_rule("math_block", _render_block_math)


def _footnote_mark(state: StateInline, silent: bool) -> bool:
    match = _FOOTNOTE_MARK.match(state.src, state.pos, state.posMax)
    if match is None:
        return False
    if not silent:
        state.push("footnote_mark", "sup", 0).content = match[1]
    state.pos = match.end()
    return True


def _footnote_text(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    if state.is_code_block(start):
        return False
    match = _FOOTNOTE_TEXT.match(state.getLines(start, start + 1, state.blkIndent, False).strip())
    if match is None:
        return False
    if silent:
        return True
    opening = state.push("footnote_open", "p", 1)
    opening.map, opening.content = [start, start + 1], match[1]
    text = state.push("inline", "", 0)
    text.map, text.content, text.children = [start, start + 1], match[2], []
    state.push("footnote_close", "p", -1)
    state.line = start + 1
    return True


def footnotes_plugin(md: MarkdownIt) -> None:
    """`[^1]` as a raised mark and `[^1]: text` as a small paragraph, each where it stands."""
    md.inline.ruler.before("link", "footnote_mark", _footnote_mark)
    md.block.ruler.before("lheading", "footnote_text", _footnote_text, {"alt": ["paragraph"]})
    md.add_render_rule(
        "footnote_mark",
        lambda self, tokens, i, *_: f"<sup>{html.escape(tokens[i].content)}</sup>",
    )
    md.add_render_rule(
        "footnote_open",
        lambda self, tokens, i, *_: (
            f'<p class="footnote"><sup>{html.escape(tokens[i].content)}</sup> '
        ),
    )
    md.add_render_rule("footnote_close", lambda self, tokens, i, *_: "</p>\n")
