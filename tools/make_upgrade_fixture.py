"""Makes the register of a release, for the tests of later releases: a year of a real office in small.

    python tools/make_upgrade_fixture.py --code FOLDER --out tests/fixtures/0002

FOLDER is a checkout of the release (``git worktree add``). The year is played by that release's own code, through
use cases that keep their names; what it said at the end (due, audit, board, outbox) is written beside the register.
docs/releasing.md says when.
"""

from __future__ import annotations

import argparse
import json
import lzma
import os
import subprocess
import sys
import tempfile
from pathlib import Path

PLAYER = Path(__file__).with_name("play_a_year.py")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--code", type=Path, required=True, help="checkout of the release")
    parser.add_argument("--out", type=Path, required=True, help="folder of the fixture, named by the schema revision")
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        environment = {**os.environ, "PYTHONPATH": str(given.code.resolve()), "DONDOC_HOME": scratch}
        environment["DONDOC_DATABASE_URL"] = ""
        command = [sys.executable, "-P", str(PLAYER.resolve()), scratch]
        subprocess.run(command, check=True, cwd=given.code, env=environment)
        register = (Path(scratch) / "dondoc.db").read_bytes()
        said = json.loads((Path(scratch) / "expected.json").read_text("utf-8"))
    packed = lzma.compress(register, preset=9 | lzma.PRESET_EXTREME)
    (given.out / "register.db.xz").write_bytes(packed)
    text = json.dumps(said, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    (given.out / "expected.json.xz").write_bytes(lzma.compress(text.encode(), preset=9 | lzma.PRESET_EXTREME))
    print(f"{given.out}: register {len(register) // 1000} kB, packed {len(packed) // 1000} kB")


if __name__ == "__main__":
    main()
