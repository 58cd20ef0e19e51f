#!/usr/bin/env python3
"""Time and memory of each form of report for 100,000 findings, as a table in Markdown.

    cargo build --release
    python3 benches/reports.py path/to/upsheet [--findings N] [--runs N]

Each form is written by a whole check of its own, of the same generated sheet, in which every row has one
fault; `none` is the check without a report. Which forms there are, the program says. The figures are
the best of the runs: wall and processor time in seconds, peak memory in MiB, size of the report in MB.
"""

import argparse
import os
import re
import subprocess
import tempfile
import time


def measure(command, out):
    """Runs a command; gives wall time, processor time and peak memory of it alone."""
    began = time.monotonic()
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.monotonic() - began
    code = os.waitstatus_to_exitcode(status)
    process.returncode = code
    if code not in (0, 1):
        raise SystemExit(f"{command} ended with {code}")
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def forms(program, sheet):
    """The flags of each form: by its ending, else by its word."""
    wrong = [program, "check", sheet, "--report", "x.no-such-ending"]
    text = subprocess.run(wrong, capture_output=True, text=True).stderr
    endings = re.findall(r"(?<![\w/])\.([a-z]+)\b", text.split("help:", 1)[1])
    page = subprocess.run([program, "check", "--help"], capture_output=True, text=True).stdout
    words = page.split("--format", 1)[1].split("--report", 1)[0]
    known = [(ending, ["--quiet", "--report", f"report.{ending}"], f"report.{ending}") for ending in endings]
    if re.search(r"\bgithub\b", words):
        known.append(("github", ["--format", "github"], None))
    return [("none", ["--quiet"], None), *known]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("program")
    parser.add_argument("--findings", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=3)
    args = parser.parse_args()
    program = os.path.abspath(args.program)
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        with open("people.csv", "w", encoding="utf-8") as sheet:
            sheet.write("First name,Last name,E-mail,Mobile\n")
            for number in range(args.findings):
                sheet.write(f"Ada,Larkspur,p{number}@example@org,+1 514 555 0100\n")
        print("| form | wall, s | CPU, s | peak, MiB | size, MB |\n|---|---:|---:|---:|---:|")
        for name, flags, path in forms(program, "people.csv"):
            best = None
            for _ in range(args.runs):
                with open("stdout", "wb") as out:
                    took = measure([program, "check", "people.csv", *flags], out)
                best = took if best is None else tuple(map(min, best, took))
            size = os.path.getsize(path or "stdout") / 1e6
            wall, cpu, peak = best
            print(f"| {name} | {wall:.2f} | {cpu:.2f} | {peak:.0f} | {size:.1f} |", flush=True)
        os.chdir("/")


if __name__ == "__main__":
    main()
