"""Templates: one environment, the words of statuses and dates, and the named part of a page for htmx."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from importlib.metadata import version
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from starlette.responses import HTMLResponse

from people.rights import Right
from plans.calendar import ZONE
from plans.text import _, _n, day_text, language
from web import csrf, said
from web.navigation import navigation

if TYPE_CHECKING:
    from web.visit import Visit


class Pages:
    """Renders pages; made once."""

    def __init__(self) -> None:
        self.environment = Environment(
            loader=PackageLoader("web"),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            autoescape=select_autoescape(["html"]),
        )
        self.environment.globals |= {"_": _, "_n": _n, "Right": Right, "version": version("dondoc")}
        self.environment.filters |= {
            "day": day,
            "moment": moment,
            "path": path_part,
        }

    def response(self, visit: Visit, template: str, values: Mapping[str, Any], *, status: int) -> HTMLResponse:
        """The whole page, or the block ``part_<target>`` that htmx asks for."""
        session = visit.session
        loose = csrf.signed_out_token(visit.request) if session is None else ""
        context = {
            "visit": visit,
            "language": language(),
            "today": visit.today,
            "now": visit.now,
            "nav": navigation(visit),
            "said": said.read(visit),
            "csrf": session.csrf if session else loose,
            **values,
        }
        found = self.environment.get_template(template)
        block = f"part_{visit.partial.replace('-', '_')}" if visit.partial else ""
        if block in found.blocks:
            html = "".join(found.blocks[block](found.new_context(context)))
        else:
            html = found.render(context)
        answer = HTMLResponse(html, status_code=status)
        if loose:
            secure = visit.office.secure
            answer.set_cookie(csrf.COOKIE, loose, max_age=3600, httponly=True, samesite="strict", secure=secure)
        return answer


def day(value: date | None) -> str:
    """dd/mm/yyyy; a dash where there is none."""
    return day_text(value) if value else "–"


def moment(value: datetime | None) -> str:
    """On the Vietnamese clock: "07:30 09/12/2024"."""
    return value.astimezone(ZONE).strftime("%H:%M %d/%m/%Y") if value else "–"


def path_part(value: str) -> str:
    """An id inside a path; an occurrence's slashes stay."""
    return quote(value, safe="/")
