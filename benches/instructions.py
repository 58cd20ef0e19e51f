#!/usr/bin/env python3
"""How many instructions the release program needs for small generated files, against what it needed before.

    cargo build --release
    python3 benches/instructions.py path/to/upsheet [--store] [--profiles FOLDER]

Callgrind counts them, so the figures do not depend on what else the machine does; on other processors, compilers and
C libraries they differ somewhat. `benches/instructions.json` holds the figures of the commit that stored them last; a
case that needs over a quarter more than that fails. A change that is worth its price stores its own with `--store`.
What SHA-256 costs in `build` is more than on a real machine, because the processor's own instructions for it are not
known to the counter. `--profiles` keeps what `callgrind_annotate` reads.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile

import people

STORED = os.path.join(os.path.dirname(os.path.abspath(__file__)), "instructions.json")
ROWS = 20_000
MOST = 1.25

CASES = {
    "check, 100 rows": ["check", "small.csv"],
    "check, CSV": ["check", "people.csv"],
    "check, XLSX": ["check", "people.xlsx"],
    "build, CSV": ["build", "people.csv", "-o", "out"],
}


def count(program, command, profile):
    """The instructions of one run of the program with one thread that judges."""
    counted = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={profile}"]
    flags = ["--to", "vome", "--threads", "1", "--quiet"]
    run = subprocess.run([*counted, program, *command, *flags], stdin=subprocess.DEVNULL, capture_output=True, text=True)
    found = re.search(r"Collected : (\d+)", run.stderr)
    if run.returncode not in (0, 1) or not found:
        raise SystemExit(f"{command} ended with {run.returncode}:\n{run.stderr}")
    return int(found[1])


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("program")
    parser.add_argument("--store", action="store_true", help="keep the figures for later runs to be held against")
    parser.add_argument("--profiles", metavar="FOLDER")
    args = parser.parse_args()
    program = os.path.abspath(args.program)
    profiles = os.path.abspath(args.profiles or os.devnull)
    if args.profiles:
        os.makedirs(profiles, exist_ok=True)
    stored = {}
    if os.path.exists(STORED) and not args.store:
        with open(STORED, encoding="utf-8") as file:
            stored = json.load(file)
    counts = {}
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        people.write_csv("small.csv", people.people(100))
        people.write_csv("people.csv", people.people(ROWS))
        people.write_xlsx("people.xlsx", people.people(ROWS))
        print(f"{'case':18}{'instructions':>16}{'stored':>16}{'ratio':>8}")
        for name, command in CASES.items():
            profile = os.path.join(profiles, re.sub(r"\W+", "-", name)) if args.profiles else os.devnull
            counts[name] = count(program, command, profile)
            before = stored.get(name, counts[name])
            print(f"{name:18}{counts[name]:16,}{before:16,}{counts[name] / before:8.3f}", flush=True)
        os.chdir("/")
    if args.store:
        with open(STORED, "w", encoding="utf-8") as file:
            json.dump(counts, file, indent=2)
            file.write("\n")
        return
    worse = [name for name, now in counts.items() if now > MOST * stored.get(name, now)]
    missing = sorted(set(CASES) ^ set(stored))
    if worse:
        sys.exit(f"over {MOST} times the stored instructions: {'; '.join(worse)}")
    if missing:
        sys.exit(f"{STORED} does not hold the same cases: {'; '.join(missing)}; run with --store")


if __name__ == "__main__":
    main()
