"""The JSON API: tokens and rights, problem+json for everything, moves guarded by state and by what was seen."""

from __future__ import annotations

import json
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import event, select

from people import accounts, api_tokens
from people.rights import Role
from people.tables import account, token
from tasks.database import reading, writing
from tasks.tables import audit_event, occurrence
from tests.support import LEAD
from tests.web.office import Office, api_of, at
from web.api import LARGEST
from web.api.bearer import Bearer
from web.api.throttle import Throttle
from web.guard import UNITS

API = "/api/v1"


def caller(office: Office, login: str | None = "alice", *, read_only: bool = False) -> TestClient:
    """A program with a token of that person; it holds no cookie."""
    client = TestClient(office.app, follow_redirects=False, raise_server_exceptions=False)
    if login is not None:
        with writing(office.valley.engine) as c:
            secret = api_tokens.create(
                c,
                office.ids[login],
                name="test",
                read_only=read_only,
                expires_on=None,
                now=office.valley.now,
                actor=login,
            )
        client.headers["Authorization"] = f"Bearer {secret}"
    return client


def problem(answer: Any, status: int, kind: str | None = None) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    said = answer.json()
    assert said["status"] == status
    assert said["type"].startswith("urn:dondoc:problem:")
    assert kind is None or said["type"].endswith(f":{kind}")
    return dict(said)


def open_one(office: Office) -> str:
    with reading(office.valley.engine) as c:
        chosen = select(occurrence.c.id).where(occurrence.c.state == "open", occurrence.c.before_tracking.is_(False))
        return str(c.execute(chosen.order_by(occurrence.c.due, occurrence.c.id)).scalars().first())


# -- who may --


def routes_of(app: Any) -> list[Any]:
    """Included routers are kept whole by FastAPI."""
    found = [routes_of(each.original_router) if hasattr(each, "original_router") else [each] for each in app.routes]
    return [route for each in found for route in each]


def test_every_route_names_its_right_and_the_unit_of_what_it_shows(office: Office) -> None:
    routes = routes_of(api_of(office.app))
    assert [route.path for route in routes if not hasattr(route, "dependant")] == ["/openapi.json"]
    ours = [route for route in routes if hasattr(route, "dependant")]
    assert len(ours) > 15
    for route in ours:
        guards = [each.call for each in route.dependant.dependencies if isinstance(each.call, Bearer)]
        assert len(guards) == 1, route.path
        named = {name for name in route.param_convertors if name in UNITS}
        assert named == ({guards[0].of} if guards[0].of else set()), route.path


def test_without_a_token_nothing_is_said(office: Office) -> None:
    for headers in ({}, {"Authorization": "Bearer dondoc_guessed"}, {"Authorization": "Basic YTpi"}):
        answer = caller(office, None).get(f"{API}/plans", headers=headers)
        problem(answer, 401, "no-token")
        assert answer.headers["www-authenticate"] == "Bearer"


def test_a_session_of_the_dashboard_opens_nothing_here(office: Office) -> None:
    browser = office.browser("alice")
    problem(browser.client.get(f"{API}/plans"), 401)


def test_what_is_foreign_is_answered_like_what_does_not_exist(office: Office) -> None:
    sam, wanted = caller(office, "sam"), open_one(office)
    plan_id = wanted.split("/")[0]
    foreign = [f"/plans/{plan_id}", f"/plans/{plan_id}/audit", f"/occurrences/{wanted}"]
    unknown = ["/plans/none", "/plans/none/audit", "/occurrences/none/a/b/2024"]
    for path, like in zip(foreign, unknown, strict=True):
        assert problem(sam.get(API + path), 404) == problem(sam.get(API + like), 404)
    for move in ("claim", "waive", "accept"):
        problem(sam.post(f"{API}/occurrences/{wanted}/{move}", json={"reason": "x"} if move == "waive" else {}), 404)
    body = {"occurrences": [wanted], "received_on": "2024-03-10", "number": "1/BC", "dated": "2024-03-09"}
    problem(sam.post(f"{API}/papers", json=body), 404)
    for path in ("/plans", "/occurrences", "/papers"):
        assert sam.get(API + path).json()["total"] == 0
    assert sam.get(f"{API}/audit").json()["items"] == []


@pytest.mark.parametrize(
    ("login", "sees", "works"),
    [("alice", 200, 201), ("henry", 200, 403), ("otto", 200, 403), ("ada", 403, 403), ("finn", 403, 403)],
)
def test_a_token_acts_with_the_rights_of_its_account(office: Office, login: str, sees: int, works: int) -> None:
    client = caller(office, login)
    assert client.get(f"{API}/me").json()["login"] == login
    for path in ("/plans", "/occurrences", "/papers", "/audit"):
        assert client.get(API + path).status_code == sees
    body = {"occurrences": [open_one(office)], "received_on": "2024-03-10", "number": "1/BC", "dated": "2024-03-09"}
    assert client.post(f"{API}/papers", json=body).status_code == works


def test_a_token_that_reads_only_changes_nothing(office: Office) -> None:
    client, wanted = caller(office, "alice", read_only=True), open_one(office)
    assert client.get(f"{API}/occurrences/{wanted}").status_code == 200
    problem(client.post(f"{API}/occurrences/{wanted}/claim", json={}), 403, "read-only")


def test_a_closed_account_and_a_first_password_open_nothing(office: Office) -> None:
    client = caller(office)
    with writing(office.valley.engine) as c:
        c.execute(account.update().where(account.c.login == "alice").values(must_change=True))
    problem(client.get(f"{API}/plans"), 403, "first-password")
    with writing(office.valley.engine) as c:
        accounts.set_active(c, office.ids["alice"], False, now=office.valley.now, actor="ada")
    problem(client.get(f"{API}/plans"), 401)


def test_a_post_that_is_over_is_over_for_its_tokens(office: Office) -> None:
    client = caller(office, "ada")
    problem(client.get(f"{API}/plans"), 403)
    with writing(office.valley.engine) as c:
        day = at("2024-03-11 08:00").date()
        give = {"since": day, "until": day, "now": office.valley.now, "actor": "test"}
        accounts.give_post(c, office.ids["ada"], Role.AUDITOR, LEAD, **give)  # type: ignore[arg-type]
    assert client.get(f"{API}/plans").status_code == 200
    office.valley.now = at("2024-03-12 08:00")
    problem(client.get(f"{API}/plans"), 403)


def test_the_last_use_of_a_token_is_noted_now_and_then(office: Office) -> None:
    client = caller(office)
    client.get(f"{API}/me")
    with reading(office.valley.engine) as c:
        assert c.execute(select(token.c.used_at)).scalar_one() == office.valley.now


# -- errors --


def test_every_error_is_a_problem(office: Office) -> None:
    client = caller(office)
    problem(client.get(f"{API}/nothing"), 404)
    answer = client.delete(f"{API}/plans")
    problem(answer, 405)
    assert "GET" in answer.headers["allow"]
    problem(client.get(f"{API}/plans?limit=0"), 422, "invalid")
    problem(client.get(f"{API}/occurrences?from=31/12/2024"), 422)
    problem(client.get(f"{API}/occurrences?from=9999-12-31"), 422)
    problem(client.get(f"{API}/occurrences?agency=%00"), 422)
    problem(client.get(f"{API}/occurrences/a%00b/c/d/2024"), 404)
    problem(client.post(f"{API}/papers", content=b"{", headers={"Content-Type": "application/json"}), 422)
    problem(client.post(f"{API}/papers", content=b" " * (LARGEST + 1)), 413)


def test_halves_of_characters_and_unknown_fields_are_told(office: Office) -> None:
    client = caller(office)
    said = problem(
        client.post(f"{API}/papers", content=b'{"\\ud800": 1}', headers={"Content-Type": "application/json"}), 422
    )
    assert said["errors"]
    half = b'{"occurrences": ["\\ud800/a/b/2024"], "received_on": "2024-03-08"}'
    problem(client.post(f"{API}/papers", content=half, headers={"Content-Type": "application/json"}), 422)
    deep = b"[" * 200_000
    assert client.post(f"{API}/papers", content=deep, headers={"Content-Type": "application/json"}).status_code < 500


def test_a_fault_of_ours_says_nothing_of_the_inside(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: object, **_more: object) -> None:
        raise ZeroDivisionError("a secret of the inside")

    monkeypatch.setattr("app.views.api.plans", broken)
    answer = caller(office).get(f"{API}/plans")
    problem(answer, 500, "fault")
    assert "secret" not in answer.text


def test_a_program_that_runs_wild_has_to_wait(office: Office) -> None:
    api_of(office.app).state.throttle = Throttle(2)
    client, other = caller(office), caller(office, "otto")
    assert [client.get(f"{API}/me").status_code for _n in range(2)] == [200, 200]
    answer = client.get(f"{API}/me")
    problem(answer, 429, "too-many-requests")
    assert answer.headers["retry-after"] == "60"
    assert other.get(f"{API}/me").status_code == 200
    office.valley.now = at("2024-03-11 08:01")
    assert client.get(f"{API}/me").status_code == 200


# -- what it says --


def test_pages_hold_together(office: Office) -> None:
    client = caller(office)
    whole = client.get(f"{API}/occurrences?limit=200").json()
    assert whole["total"] == len(whole["items"]) > 3
    parts = [client.get(f"{API}/occurrences?limit=2&offset={n}").json()["items"] for n in range(0, whole["total"], 2)]
    assert [each for part in parts for each in part] == whole["items"]


def test_occurrences_are_filtered(office: Office) -> None:
    client = caller(office)
    every = client.get(f"{API}/occurrences?limit=200").json()["items"]
    for name, field in (("plan", "plan"), ("duty", "duty"), ("agency", "agency"), ("period", "period")):
        wanted = every[0][field]
        found = client.get(f"{API}/occurrences", params={name: wanted, "limit": 200}).json()["items"]
        assert found == [each for each in every if each[field] == wanted]
    for status in {each["status"] for each in every}:
        found = client.get(f"{API}/occurrences", params={"status": status, "limit": 200}).json()["items"]
        assert found == [each for each in every if each["status"] == status]
    day = every[len(every) // 2]["due"]
    found = client.get(f"{API}/occurrences", params={"from": day, "to": day, "limit": 200}).json()["items"]
    assert found == [each for each in every if each["due"] == day]


def test_a_plan_comes_with_its_duties_and_its_audit(office: Office) -> None:
    client = caller(office)
    plan = client.get(f"{API}/plans").json()["items"][0]
    assert plan["status"] == "active"
    assert client.get(f"{API}/plans/{plan['plan']}").json()["duties"]
    report = client.get(f"{API}/plans/{plan['plan']}/audit").json()
    assert set(report) == {"missed", "rates"}


def test_the_trail_is_read_on_by_its_numbers(office: Office) -> None:
    client = caller(office)
    whole = client.get(f"{API}/audit?limit=200").json()["items"]
    with reading(office.valley.engine) as c:
        mine = select(audit_event.c.id).where(audit_event.c.plan_id.is_not(None)).order_by(audit_event.c.id)
        assert [each["id"] for each in whole] == list(c.execute(mine.limit(200)).scalars())
    found: list[dict[str, Any]] = []
    after: int | None = 0
    while after is not None and len(found) < len(whole):
        page = client.get(f"{API}/audit?limit=3&after={after}").json()
        found += page["items"]
        after = page["next"]
    assert found[: len(whole)] == whole


@pytest.mark.asks_the_database
@pytest.mark.parametrize("path", ["/plans", "/occurrences", "/papers", "/audit"])
def test_the_number_of_queries_does_not_grow_with_rows(office: Office, path: str) -> None:
    client = caller(office)
    client.get(API + path)

    def asked(limit: int) -> int:
        seen: list[str] = []
        count = lambda *args: seen.append(args[2])  # noqa: E731
        event.listen(office.valley.engine, "before_cursor_execute", count)
        client.get(f"{API}{path}?limit={limit}")
        event.remove(office.valley.engine, "before_cursor_execute", count)
        return len(seen)

    assert asked(1) == asked(200)


# -- what it does --


def test_a_paper_is_recorded_once_however_often_it_is_sent(office: Office) -> None:
    client, wanted = caller(office), open_one(office)
    body = {"occurrences": [wanted], "received_on": "2024-03-08", "number": "12/BC-STC", "dated": "2024-03-07"}
    answer = client.post(f"{API}/papers", json=body)
    assert answer.status_code == 201, answer.text
    made = answer.json()
    assert made["occurrences"][0]["state"] == "accepted"
    assert client.get(answer.headers["location"]).json() == made["paper"]
    again = client.post(f"{API}/papers", json=body)
    assert again.status_code == 409
    assert client.get(f"{API}/papers").json()["total"] == 1
    with reading(office.valley.engine) as c:
        recorded = select(audit_event.c.actor).where(audit_event.c.kind == "record")
        assert c.execute(recorded).scalar_one() == "alice"


def test_a_slip_is_put_right(office: Office) -> None:
    client, wanted = caller(office), open_one(office)
    body = {"occurrences": [wanted], "received_on": "2024-03-08", "number": "12/BC-STC", "dated": "2024-03-07"}
    paper = client.post(f"{API}/papers", json=body).json()["paper"]["paper"]
    right = {"received_on": "2024-03-07", "number": "13/BC-STC", "dated": "2024-03-07"}
    answer = client.post(f"{API}/papers/{paper}/correct", json=right)
    assert answer.json()["paper"]["number"] == "13/BC-STC"
    assert client.get(f"{API}/papers/{paper}").json()["replaced_by"] == answer.json()["paper"]["paper"]


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"received_on": "2024-03-12"}, 422),  # tomorrow
        ({"dated": "2024-03-09"}, 422),  # after its receipt
        ({"number": None}, 422),
        ({"occurrences": []}, 422),
        ({"occurrences": ["a/b/c/2024"]}, 404),
        ({"secret": "yes"}, 422),
        ({"number": "x" * 61}, 422),
        ({"file": "x"}, 422),
    ],
)
def test_a_paper_that_cannot_be_is_refused(office: Office, change: dict[str, Any], status: int) -> None:
    body = {"occurrences": [open_one(office)], "received_on": "2024-03-08", "number": "12/BC", "dated": "2024-03-07"}
    problem(caller(office).post(f"{API}/papers", json={**body, **change}), status)


def test_a_whole_life_by_moves(office: Office) -> None:
    client, wanted = caller(office), open_one(office)

    def move(name: str, said: dict[str, Any] | None = None) -> dict[str, Any]:
        answer = client.post(f"{API}/occurrences/{wanted}/{name}", json=said)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    assert move("hold", {"until": "2024-03-20"})["muted_until"] == "2024-03-20"
    assert move("hold", {"until": None})["muted_until"] is None
    problem(client.post(f"{API}/occurrences/{wanted}/hold", json={"until": "2024-03-10"}), 422)
    assert move("promise", {"on": "2024-03-22"})["muted_until"] == "2024-03-22"
    assert move("extend", {"to": "2024-12-20", "document": "99/UBND-NC"})["extended_by"] == "99/UBND-NC"
    assert move("claim", {"number": "5/BC"})["state"] == "claimed"
    body = {"occurrences": [wanted], "received_on": "2024-03-11", "number": "5/BC", "dated": "2024-03-08"}
    assert client.post(f"{API}/papers", json=body).status_code == 201
    assert move("return", {"reason": "period"})["state"] == "returned"
    assert move("waive", {"reason": "theo CV 7"})["state"] == "waived"
    assert move("reopen")["state"] == "open"
    problem(client.post(f"{API}/occurrences/{wanted}/accept"), 409, "move-refused")


def test_if_match_guards_what_was_seen(office: Office) -> None:
    client, wanted = caller(office), open_one(office)
    path = f"{API}/occurrences/{wanted}"
    seen = client.get(path).headers["etag"]
    answer = client.post(f"{path}/hold", json={"until": "2024-03-20"}, headers={"If-Match": seen})
    assert answer.status_code == 200
    assert answer.headers["etag"] not in ("", seen)
    problem(client.post(f"{path}/claim", json={}, headers={"If-Match": seen}), 412, "changed-meanwhile")
    assert client.get(path).json()["state"] == "open"
    again = {"If-Match": answer.headers["etag"]}
    assert client.post(f"{path}/claim", json={}, headers=again).status_code == 200


def test_a_move_counts_as_one_request(office: Office) -> None:
    api_of(office.app).state.throttle = Throttle(2)
    client, path = caller(office), f"{API}/occurrences/{open_one(office)}/hold"
    said = [client.post(path, json={"until": "2024-03-20"}).status_code for _n in range(3)]
    assert said == [200, 200, 429]


# -- its description --


def test_the_description_is_open_and_tells_of_every_error(office: Office) -> None:
    described = caller(office, None).get(f"{API}/openapi.json").json()
    assert described["servers"] == [{"url": API}]
    for path in described["paths"].values():
        for operation in path.values():
            assert operation["security"] == [{"token": []}]
            for status, answer in operation["responses"].items():
                media = "application/problem+json" if status >= "4" else "application/json"
                assert list(answer["content"]) == [media]
    assert "HTTPValidationError" not in json.dumps(described)


def test_the_api_holds_what_its_description_says(office: Office) -> None:
    """Schemathesis makes up some hundred requests, good and bad ones: never a fault of ours, never an odd answer.

    Every other request is about things that exist, so that more than the doors is tried.
    """
    schemathesis = pytest.importorskip("schemathesis")
    from hypothesis import HealthCheck, Phase, given, settings
    from hypothesis import strategies as st
    from schemathesis.specs.openapi import checks

    api_of(office.app).state.throttle = Throttle(10**9)
    client, wanted = caller(office), open_one(office)
    headers = {"Authorization": client.headers["Authorization"]}
    real = {"occurrence_id": wanted, "plan_id": wanted.split("/")[0], "paper_id": 1}
    schema = schemathesis.openapi.from_asgi(f"{API}/openapi.json", office.app)
    always = [
        schemathesis.checks.not_a_server_error,
        checks.status_code_conformance,
        checks.content_type_conformance,
        checks.response_schema_conformance,
    ]
    bounded = settings(
        max_examples=12,
        derandomize=True,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    operations = [found.ok() for found in schema.get_all_operations()]
    assert len(operations) > 15
    statuses: set[int] = set()
    for operation in operations:

        @given(case=operation.as_strategy(), existing=st.booleans())
        @bounded
        def calls(case: Any, existing: bool) -> None:
            if existing:
                case.path_parameters = {name: real[name] for name in case.path_parameters or {}}
                if isinstance(case.body, dict) and "occurrences" in case.body:
                    case.body = {**case.body, "occurrences": [wanted]}
            answer = case.call(headers=headers)
            statuses.add(answer.status_code)
            case.validate_response(answer, checks=always if existing else [*always, checks.negative_data_rejection])

        calls()
    assert {200, 404, 409, 422} <= statuses


def test_an_address_with_a_line_break_is_a_problem_too(office: Office) -> None:
    answer = office.browser("ada").client.post("/api/v1/occurrences/a%0Ab/claim", json={})
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
