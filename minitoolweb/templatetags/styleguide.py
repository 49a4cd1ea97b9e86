"""The style guide's one tag: an example, drawn and shown as the template source that made it."""

from textwrap import dedent
from typing import cast

from django import template
from django.template.base import NodeList, Parser, Token, TokenType
from django.template.context import Context
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

register = template.Library()

_BRACKETS = {
    TokenType.VAR: ("{{ ", " }}"),
    TokenType.BLOCK: ("{% ", " %}"),
    TokenType.COMMENT: ("{# ", " #}"),
    TokenType.TEXT: ("", ""),
}


class ExampleNode(template.Node):
    def __init__(self, nodelist: NodeList, *, name: str, source: str) -> None:
        self.nodelist = nodelist
        self.name = name
        self.source = source

    def render(self, context: Context) -> SafeString:
        drawn = self.nodelist.render(context)
        return render_to_string(
            "styleguide/example.html", {"name": self.name, "drawn": drawn, "source": self.source}
        )


@register.tag
def example(parser: Parser, token: Token) -> ExampleNode:
    """`{% example Name of it %}…{% endexample %}`"""
    name = token.contents.partition(" ")[2]
    source = _source_until(cast(list[Token], parser.tokens), "endexample")
    nodelist = parser.parse(("endexample",))
    parser.delete_first_token()
    return ExampleNode(nodelist, name=name, source=source)


def _source_until(tokens: list[Token], end: str) -> str:
    """The template text up to the tag `end`; Django's parser keeps what is to come reversed."""
    parts = []
    for token in reversed(tokens):
        if token.token_type is TokenType.BLOCK and token.contents == end:
            break
        before, after = _BRACKETS[token.token_type]
        parts.append(f"{before}{token.contents}{after}")
    return dedent("".join(parts).strip("\n")).strip()
