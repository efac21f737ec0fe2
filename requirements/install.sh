#!/bin/sh
# Makes .venv and brings it to what a lock file says: sh requirements/install.sh run|dev
#
# Does nothing when that is already so (a stamp in .venv remembers the lock, pyproject.toml and the folder).
# PYTHON=… names the interpreter; else the first of python3, python3.13, python3.12, python3.11 that really runs.
set -eu

kind=${1:-dev}
root=$(cd "$(dirname "$0")/.." && pwd -P)
cd "$root"
lock=requirements/$kind.lock
venv=.venv

say() { printf 'dondoc: %s\n' "$*"; }
give_up() { printf 'dondoc: %s\n' "$@" >&2; exit 1; }

# What is installed must not depend on who calls: no foreign module path, no user site, no questions.
unset PYTHONPATH PYTHONHOME PIP_REQUIRE_VIRTUALENV PIP_TARGET PIP_PREFIX PIP_USER || true
export PIP_NO_INPUT=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PYTHONNOUSERSITE=1

version_of() { "$1" -c 'import sys; print("%d.%d.%d" % sys.version_info[:3])' 2>/dev/null; }
fits() { "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' >/dev/null 2>&1; }
missing_modules() {
    "$1" -c 'import importlib.util as u
print(*[m for m in ("venv", "ensurepip", "_ssl", "_sqlite3") if u.find_spec(m) is None])'
}

# A name on the path proves nothing (version managers leave launchers that fail), so each one is run.
find_python() {
    if [ -n "${PYTHON:-}" ]; then
        command -v "$PYTHON" >/dev/null 2>&1 || give_up "PYTHON=$PYTHON: no such program."
        found=$(version_of "$PYTHON") || give_up "PYTHON=$PYTHON does not run; Python 3.11, 3.12 or 3.13 is needed."
        fits "$PYTHON" || give_up "PYTHON=$PYTHON is Python $found; 3.11, 3.12 or 3.13 is needed."
        python=$PYTHON
    else
        python=
        for candidate in python3 python3.13 python3.12 python3.11 python; do
            if command -v "$candidate" >/dev/null 2>&1 && fits "$candidate"; then
                python=$candidate
                [ -n "$(missing_modules "$candidate")" ] || break
            fi
        done
        [ -n "$python" ] || give_up \
            "no Python 3.11, 3.12 or 3.13 was found (python3 is $(version_of python3 || echo 'not there'))." \
            "Install one, or name it: make setup PYTHON=/path/to/python3.12"
    fi
    absent=$(missing_modules "$python")
    [ -z "$absent" ] || give_up \
        "$python ($(version_of "$python")) lacks: $absent." \
        "On Debian or Ubuntu: apt install python3-venv. Or name another Python: make setup PYTHON=…"
}

stamp_for() { { printf '%s %s\n' "$1" "$root"; cat "requirements/$1.lock" pyproject.toml; } | cksum; }
is_current() { [ -f "$venv/.installed-$1" ] && [ "$(cat "$venv/.installed-$1")" = "$(stamp_for "$1")" ]; }
# The programs of an environment name its folder, so one that was moved or copied is made anew.
was_moved() { [ -f "$venv/.place" ] && [ "$(cat "$venv/.place")" != "$root" ]; }
other_python_wanted() { [ -n "${PYTHON:-}" ] && [ "$(version_of "$PYTHON")" != "$(version_of "$venv/bin/python")" ]; }

# 1. Is there anything to do? What developers have includes all that running needs.
if fits "$venv/bin/python" && ! other_python_wanted && ! was_moved; then
    if is_current dev || is_current "$kind"; then exit 0; fi
    fresh=no
else
    fresh=yes
fi

# 2. The environment.
if [ $fresh = yes ] || ! "$venv/bin/python" -m pip --version >/dev/null 2>&1; then
    find_python
    say "making .venv with Python $(version_of "$python")"
    "$python" -m venv --clear "$venv"
    printf '%s\n' "$root" > "$venv/.place"
fi
rm -f "$venv/.installed-run" "$venv/.installed-dev"

# 3. Exactly the locked packages, then the project itself. The lock is complete, so pip resolves nothing.
case $kind in run) size="320 MB" ;; *) size="750 MB" ;; esac
say "installing $(grep -c '^[A-Za-z0-9]' "$lock") pinned packages ($size on disk; one to three minutes the first time)"
"$venv/bin/python" -m pip install -qq --no-deps --require-hashes -r "$lock"
say "installing dondoc itself"
"$venv/bin/python" -m pip install -qq --no-deps --no-build-isolation --editable .
stamp_for "$kind" > "$venv/.installed-$kind"
say "ready: .venv (Python $(version_of "$venv/bin/python"))"
