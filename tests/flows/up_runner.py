"""``dondoc up`` for the end-to-end test: the real supervisor, server, worker and register, the rungs within seconds.

    python -m tests.flows.up_runner HOME PORT [SECONDS]

``SECONDS`` lays the rungs so far ahead of the sync instead of at 07:30. Prints what ``up`` would say. The dashboard
listens on ``DONDOC_DASHBOARD_PORT``.
"""

from __future__ import annotations

import sys
from datetime import datetime, timedelta
from pathlib import Path

from app import prefect_settings, supervisor
from app.bootstrap import bootstrap, clock
from app.firstaccount import first_account
from app.settings import Settings
from app.supervisor import Dashboard
from plans.calendar import MORNING, ZONE, local_day
from tasks.database import writing
from tests.flows.world import bring_in


def main(home: Path, port: int, seconds: int | None) -> None:
    settings = Settings(home=home, prefect_port=port)
    prefect_settings.adopt(settings)

    def prepare() -> None:
        dondoc = bootstrap(settings)
        if not dondoc.board.active_plans():
            # The day on which the rungs will be looked at: just after midnight it is not today's any more.
            day = local_day(clock() + timedelta(seconds=seconds or 0))
            with writing(dondoc.engine) as connection:
                bring_in(connection, "ke", day=day, now=clock())
        for line in first_account(dondoc, now=clock(), works=True):
            say(line)
        dondoc.close()

    async def sync() -> None:
        from flows.sync import summary, sync_now  # Prefect reads its settings when it is imported

        now = clock()
        at = MORNING if seconds is None else (now + timedelta(seconds=seconds)).astimezone(ZONE).time()
        counts = await sync_now(bootstrap(settings), now=now, at=at.replace(microsecond=0))
        say(summary(counts))
        if seconds is not None:
            await _pause_sync(prefect_settings.api_url(settings))

    dashboard = Dashboard(settings.dashboard_host, settings.dashboard_port)
    supervisor.run(settings, prepare=prepare, sync=sync, say=say, dashboard=dashboard)


async def _pause_sync(url: str) -> None:
    """Else a full ``sync`` at 06:30 would put the rungs back to 07:30 before they came."""
    from prefect.client.orchestration import PrefectClient

    async with PrefectClient(url) as client:
        await client.pause_deployment((await client.read_deployment_by_name("sync/sync")).id)


def say(text: str) -> None:
    sys.stdout.write(f"{datetime.now(ZONE):%H:%M:%S} {text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else None)
