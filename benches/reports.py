#!/usr/bin/env python3
"""Time and memory of each form of report for 100,000 findings, as the table in `docs/reports.md`.

    cargo build --release
    python3 benches/reports.py path/to/upsheet [--findings N] [--runs N]

Each form is written by a whole check of its own, of the same generated sheet, in which every row has one
fault with a proposed repair; `none` is the check without a report. Which forms there are, the program says.
The same sheet as a workbook is checked without a report, given back checked, and checked again as it was
given back. `fix` makes all of the repairs. The figures are the best of the runs: wall and processor time in
seconds, peak memory in MiB, size of what was written in MB.
"""

import argparse
import csv
import os
import re
import subprocess
import tempfile
import time

import people

HEADER = ["First name", "Last name", "E-mail", "Mobile"]

def faulty(findings):
    """The rows of the sheet: a header, then people who have one fault each."""
    yield HEADER
    for number in range(findings):
        yield ["Ada", "Larkspur", f"p{number}@example,org", "+1 514 555 0100"]


def accept_all(plan):
    """Writes `yes` into each line of a plan."""
    with open(plan, encoding="utf-8-sig", newline="") as file:
        header, *lines = csv.reader(file)
    place = header.index("accept")
    for line in lines:
        line[place] = "yes"
    with open(plan, "w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *lines])


def once(command):
    """Runs a command; gives wall time, processor time and peak memory of it alone."""
    with open("stdout", "wb") as out:
        began = time.monotonic()
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.monotonic() - began
    code = os.waitstatus_to_exitcode(status)
    process.returncode = code
    if code not in (0, 1):
        raise SystemExit(f"{command} ended with {code}")
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def measure(name, command, written, runs):
    """Prints the line of the table for a command and the file that it writes."""
    best = None
    for _ in range(runs):
        if written != "stdout" and os.path.exists(written):
            os.remove(written)
        took = once(command)
        best = took if best is None else tuple(map(min, best, took))
    wall, cpu, peak = best
    size = os.path.getsize(written) / 1e6
    print(f"| {name} | {wall:.2f} | {cpu:.2f} | {peak:.0f} | {size:.1f} |", flush=True)


def forms(program):
    """The flags of each form, and the file that it writes: by its ending, else by its word."""
    wrong = [program, "check", "people.csv", "--report", "x.no-such-ending"]
    text = subprocess.run(wrong, capture_output=True, text=True).stderr
    endings = re.findall(r"(?<![\w/])\.([a-z]+)\b", text.split("help:", 1)[1])
    page = subprocess.run([program, "check", "--help"], capture_output=True, text=True).stdout
    words = page.split("--format", 1)[1].split("--report", 1)[0]
    names = {"xlsx": "xlsx, fresh", "xml": "xml (JUnit)"}
    for ending in endings:
        path = f"report.{ending}"
        yield names.get(ending, ending), ["--quiet", "--report", path], path
    if re.search(r"\bgithub\b", words):
        yield "github", ["--format", "github"], "stdout"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("program")
    parser.add_argument("--findings", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=3)
    args = parser.parse_args()
    program = os.path.abspath(args.program)
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        people.write_csv("people.csv", faulty(args.findings))
        people.write_xlsx("people.xlsx", faulty(args.findings))

        def check(name, file, flags, written):
            measure(name, [program, "check", file, *flags], written, args.runs)

        print("| form | wall, s | CPU, s | peak, MiB | size, MB |\n|---|---:|---:|---:|---:|")
        check("none", "people.csv", ["--quiet"], "stdout")
        for name, flags, written in forms(program):
            check(name, "people.csv", flags, written)
        check("none, of an XLSX", "people.xlsx", ["--quiet"], "stdout")
        check("xlsx, your own", "people.xlsx", ["--quiet", "--report", "first.xlsx"], "first.xlsx")
        check("xlsx, given back", "first.xlsx", ["--quiet", "--report", "second.xlsx"], "second.xlsx")
        check("plan of repairs", "people.csv", ["--quiet", "--fix-plan", "plan.csv"], "plan.csv")
        accept_all("plan.csv")
        fix = [program, "fix", "people.csv", "--plan", "plan.csv", "-o", "fixed.csv"]
        measure("`fix` of all", fix, "fixed.csv", args.runs)
        os.chdir("/")


if __name__ == "__main__":
    main()
