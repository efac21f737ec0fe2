"""Thông báo, the tools: a test letter to one's own office, and "nếu không ai làm gì" for the next ninety days."""

from __future__ import annotations

from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.responses import Response

from app import channel_test, what_if
from app.views import forecast
from people.rights import Right
from plans.text import _
from tasks.errors import BadInput
from web.errors import NotFound
from web.forms import text
from web.guard import needs
from web.visit import Visit

router = APIRouter()


@router.get("/thong-bao/gui-thu")
def channel_page(visit: Visit = needs(Right.WORK)) -> Response:
    return _test(visit)


@router.post("/thong-bao/gui-thu")
def send_test(visit: Visit = needs(Right.WORK)) -> Response:
    typed = text(visit.form, "nguoi-nhan")
    chosen = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 10 else 0
    try:
        outcome = channel_test.send_test(
            visit.engine,
            visit.dondoc.channels,
            chosen,
            visit.holder.units(Right.WORK),
            now=visit.now,
            actor=visit.actor,
        )
    except BadInput as bad:
        return _test(visit, str(bad), chosen)
    if outcome.name == "sent":
        return visit.go("/thong-bao/gui-thu", _("Kênh gửi đã nhận thư thử. Mở hộp thư để xem thư có đến không."))
    if outcome.name == "relayed":
        return visit.go("/thong-bao/gui-thu", _("Thư thử đã nằm trong thư mục chuyển ra ngoài, chờ mang đi."))
    return _test(visit, _("Không gửi được thư thử: {why}").format(why=outcome.detail or outcome.name), chosen)


def _test(visit: Visit, error: str | None = None, chosen: int = 0) -> Response:
    with visit.reading() as connection:
        readers = channel_test.readers(connection, visit.holder.units(Right.WORK))
    mail = bool(visit.dondoc.settings.mail_url.get_secret_value())
    return visit.page(
        "messages_test.html", status=400 if error else 200, readers=readers, error=error, chosen=chosen, mail=mail
    )


@router.get("/thong-bao/neu-khong-lam")
def forecast_page(visit: Visit = needs(Right.SEE)) -> Response:
    """Shows what is there; computes nothing."""
    return _forecast(visit, visit.query.get("ke-hoach", ""))


@router.post("/thong-bao/neu-khong-lam")
def compute(visit: Visit = needs(Right.SEE)) -> Response:
    """Begins a replay beside the pages."""
    wanted = text(visit.form, "ke-hoach")
    try:
        with visit.reading() as connection:
            key = what_if.key_of(
                connection, _chosen(what_if.followed(connection, _units(visit)), wanted), now=visit.now
            )
            what_if.check_size(connection, key)
        what_if.forecasts(visit.engine).start(visit.engine, key, now=visit.now)
    except BadInput as bad:
        return _forecast(visit, wanted, str(bad))
    return visit.go(f"/thong-bao/neu-khong-lam?{urlencode({'ke-hoach': wanted})}")


def _units(visit: Visit) -> frozenset[str] | None:
    return visit.holder.units(Right.SEE)


def _chosen(plans: list[tuple[str, str]], wanted: str) -> list[str]:
    """Raises NotFound for a plan of another unit, BadInput where nothing is followed."""
    ids = [plan_id for plan_id, _short in plans]
    if wanted and wanted not in ids:
        raise NotFound
    if not ids:
        raise BadInput(_("Chưa theo dõi kế hoạch nào."))
    return [wanted] if wanted else ids


def _forecast(visit: Visit, wanted: str, error: str | None = None) -> Response:
    found = shown = None
    with visit.reading() as connection:
        plans = what_if.followed(connection, _units(visit))
        if plans:
            key = what_if.key_of(connection, _chosen(plans, wanted), now=visit.now)
            found = what_if.forecasts(visit.engine).find(key)
        if found is not None and found.rows is not None:
            shown = forecast.table(connection, found.rows)
    return visit.page(
        "messages_forecast.html", status=400 if error else 200, plans=plans, wanted=wanted, found=found, shown=shown,
        error=error, days=what_if.DAYS,
    )  # fmt: skip
