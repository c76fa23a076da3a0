"""Templates: strict about what is undefined, escaping everywhere, whatever the file is called."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.responses import HTMLResponse

from app.folders import folder
from app.web.stylesheet import sheet_apart, stylesheet


@lru_cache(maxsize=1)
def environment() -> Environment:
    """The one environment; templates are compiled once a process."""
    made = Environment(
        loader=FileSystemLoader(folder("templates")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["stylesheet_href"] = stylesheet().address
    made.globals["sheet_href"] = _sheet_href
    made.globals["script_href"] = _script_href
    made.globals["task_line"] = _task_line
    return made


def _sheet_href(name: str) -> str:
    return sheet_apart(name).address


def _task_line(**shown: Any) -> Markup:
    from app.web.tasks.lines import task_line  # which renders a component of this environment

    return task_line(**shown)


def _script_href() -> str:
    from app.web.script import script  # which renders a template for the script to carry

    return script().address


def component(name: str) -> Any:
    """The macro of a component, as Python may call it; what it returns is escaped."""
    return getattr(environment().get_template(f"components/{name}.html").module, name)


def render(template: str, /, **context: Any) -> str:
    """A template as text. Raises UndefinedError for a name that the context does not have."""
    return environment().get_template(template).render(context)


def html(
    template: str, status_code: int = 200, headers: dict[str, str] | None = None, /, **context: Any
) -> HTMLResponse:
    """A template as an answer. What comes by name is the template's."""
    return HTMLResponse(render(template, **context), status_code=status_code, headers=headers)
