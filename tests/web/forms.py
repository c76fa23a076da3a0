"""The forms of a page as a browser without script would send them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final

WRITTEN: Final = "a word"
_TEXT: Final = ("text", "search", "password", "email", "url", None)


@dataclass
class PageForm:
    """One form: where it goes, what is filled in already, and among what one chooses (radio buttons and selects)."""

    action: str
    method: str
    uploads: bool
    fields: dict[str, str] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)
    options: dict[str, list[str]] = field(default_factory=dict)

    def variants(self) -> Iterator[dict[str, str]]:
        """What is sent: every choice at its first, and at its last."""
        yield {**self.fields, **{name: values[0] for name, values in self.options.items()}}
        if any(len(values) > 1 for values in self.options.values()):
            yield {**self.fields, **{name: values[-1] for name, values in self.options.items()}}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[PageForm] = []
        self._select = ""
        self._required = False
        self._open = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            uploads = given.get("enctype") == "multipart/form-data"
            self.forms.append(PageForm(given.get("action") or "", given.get("method") or "get", uploads))
            self._open = True
        elif self._open and tag == "option" and self._select:
            if given.get("value") or not self._required:  # no browser sends a choice that is not made
                self.forms[-1].options.setdefault(self._select, []).append(given.get("value") or "")
        elif self._open and (name := given.get("name")) and "disabled" not in given:
            self._field(tag, name, given)

    def _field(self, tag: str, name: str, given: dict[str, str | None]) -> None:
        form, kind = self.forms[-1], given.get("type")
        if tag == "select":
            self._select, self._required = name, "required" in given
        elif tag == "input" and kind == "hidden":
            form.fields[name] = given.get("value") or ""
        elif tag == "input" and kind == "file":
            form.files.append(name)
        elif tag == "input" and kind == "radio":
            form.options.setdefault(name, []).append(given.get("value") or "")
        elif tag == "textarea" or (tag == "input" and kind in _TEXT):
            form.fields[name] = WRITTEN

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = False
        elif tag == "select":
            self._select = ""


def forms_of(page: str) -> list[PageForm]:
    """Every form that changes something, in the order of the page."""
    reader = _Reader()
    reader.feed(page)
    return [form for form in reader.forms if form.method == "post"]
