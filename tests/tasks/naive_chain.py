"""Checks dondoc's audit trail on SQLite with nothing of dondoc: python naive_chain.py dondoc.db"""

import hashlib
import json
import sqlite3
import sys
from decimal import Decimal


def number(text: str) -> str:
    plain = f"{Decimal(text):f}"
    plain = plain.rstrip("0").rstrip(".") if "." in plain else plain
    return "0" if plain == "-0" else plain


def canonical(value: object) -> str:
    if isinstance(value, Decimal):
        return number(str(value))
    if isinstance(value, list):
        return "[" + ",".join(canonical(item) for item in value) + "]"
    if isinstance(value, dict):
        return "{" + ",".join(canonical(key) + ":" + canonical(value[key]) for key in sorted(value)) + "}"
    return json.dumps(value, ensure_ascii=False)


def check(path: str) -> tuple[int, str]:
    """The number of rows and the head; raises SystemExit at the first bad place."""
    last, place = hashlib.sha256(b"dondoc audit trail, form 1").hexdigest(), 0
    rows = sqlite3.connect(path).execute(
        "SELECT s.place, s.hash, e.id, e.at, e.actor, e.kind, e.plan_id, e.occurrence_id, e.agency_id, e.data, e.sample"
        " FROM audit_seal s LEFT JOIN audit_event e ON e.id = s.event_id ORDER BY s.place"
    )
    for found, seal, id_, at, actor, kind, plan, occurrence, agency, data, sample in rows:
        place += 1
        document = json.loads(data or "null", parse_int=Decimal, parse_float=Decimal)
        fact = {"id": Decimal(id_ or 0), "at": f"{at}".replace(" ", "T") + "+00:00", "actor": actor, "kind": kind,
                "plan_id": plan, "occurrence_id": occurrence, "agency_id": agency, "data": document}  # fmt: skip
        last = hashlib.sha256((last + canonical(fact)).encode()).hexdigest()
        if found != place or seal != last or sample != 0:
            raise SystemExit(f"not intact at place {place}")
    return place, last


if __name__ == "__main__":
    sys.stdout.write("{} {}\n".format(*check(sys.argv[1])))
