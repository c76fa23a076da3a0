"""Templates compile strictly, reach only templates that exist, and hold nothing that the content policy refuses."""

from __future__ import annotations

import re

import jinja2
import pytest
from jinja2 import meta, nodes

from app.web.templating import environment
from tests.house.tree import ROOT, tracked

TEMPLATES = [path.relative_to("templates").as_posix() for path in tracked() if path.parts[0] == "templates"]
COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
REFUSED = {
    "an inline script": re.compile(r"<script\b(?![^>]*\bsrc=)", re.IGNORECASE),
    "an inline style": re.compile(r"<style\b|\sstyle\s*=", re.IGNORECASE),
    "an inline handler": re.compile(r"\s(on[a-z]+|hx-on[\w:.-]*)\s*=\s*[\"'{]", re.IGNORECASE),
    "a script in an address": re.compile(r"=\s*[\"']?\s*javascript:", re.IGNORECASE),
    "something from elsewhere": re.compile(
        r"<(script|link|img|source)\b[^>]*\b(src|href)=[\"'](https?:)?//", re.IGNORECASE
    ),
    "evaluated code for htmx": re.compile(r"hx-(vals|headers)\s*=\s*[\"']\s*js:", re.IGNORECASE),
}


def test_the_environment_is_strict_and_escapes() -> None:
    assert environment().undefined is jinja2.StrictUndefined
    assert environment().autoescape is True


@pytest.mark.parametrize("name", TEMPLATES)
def test_template(name: str) -> None:
    source = (ROOT / "templates" / name).read_text(encoding="utf-8")
    assert template_faults(environment(), source) == []


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("<script>go()</script>", "an inline script"),
        ("<SCRIPT\ntype=module>go()</SCRIPT>", "an inline script"),
        ("<style>p {}</style>", "an inline style"),
        ("<p style='color:red'>", "an inline style"),
        ("<p {{ x }} style={{ y }}>", "an inline style"),
        ('<button onclick="go()">', "an inline handler"),
        ("<button hx-on:click='go()'>", "an inline handler"),
        ('<a href="javascript:go()">', "a script in an address"),
        ('<img src="https://example.org/x.png">', "something from elsewhere"),
        ("<form hx-vals='js:{a: 1}'>", "evaluated code for htmx"),
        ("{{ text | safe }}", "unescaped text"),
        ("{% autoescape false %}{% endautoescape %}", "unescaped text"),
        ("{% include 'nowhere.html' %}", "no template nowhere.html"),
        ("{{ x | nonsense }}", "No filter named 'nonsense'."),
        ("{% if %}", "Expected an expression, got 'end of statement block'"),
    ],
)
def test_a_fault_is_noticed(source: str, fault: str) -> None:
    environment = jinja2.Environment(loader=jinja2.DictLoader({}), undefined=jinja2.StrictUndefined)
    assert template_faults(environment, source) == [fault]


def test_what_is_allowed_is_not_a_fault() -> None:
    source = """<script src="/static/js/live.js" defer></script>{# style="x" #}
    <a href="https://example.org/"{{ ' data-x="1"'|safe if y }}>out</a>"""
    assert template_faults(jinja2.Environment(loader=jinja2.DictLoader({})), source) == []


def template_faults(environment: jinja2.Environment, source: str) -> list[str]:
    try:
        environment.compile(source)
        tree = environment.parse(source)
    except jinja2.TemplateError as error:
        return [str(error)]
    text = COMMENT.sub("", source)
    faults = [what for what, pattern in REFUSED.items() if pattern.search(text)]
    known = set(environment.list_templates())
    faults += [f"no template {name}" for name in meta.find_referenced_templates(tree) if name and name not in known]
    return faults + (["unescaped text"] if unescaped(tree) else [])


def unescaped(tree: nodes.Template) -> bool:
    """`|safe` is for a constant of the template itself, never for a value."""
    safe = [node for node in tree.find_all(nodes.Filter) if node.name == "safe"]
    constant = all(isinstance(node.node, nodes.Const) for node in safe)
    return not constant or next(tree.find_all(nodes.ScopedEvalContextModifier), None) is not None
