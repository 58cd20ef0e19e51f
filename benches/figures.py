#!/usr/bin/env python3
"""Whole runs of the release program on files of people, as tables for `benches/RESULTS.md`.

    cargo build --release
    python3 benches/figures.py path/to/upsheet FILE... [--runs N] [--threads 1,2] [--verbs check,build]

Each file is checked and built with each number of threads, in turns, and a generated file of 100 rows besides. The
figures are medians: wall and processor time in seconds (of it in the system), peak memory in MiB, and processor time
in microseconds for each row, where the run says how many rows it read.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import tempfile
import time

import people


def once(command):
    """Runs a command; gives wall time, processor time, that in the system, and peak memory of it alone."""
    began = time.monotonic()
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.monotonic() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):
        raise SystemExit(f"{command} ended with {process.returncode}")
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_stime, usage.ru_maxrss / 1024


def rows_of(program, file):
    """How many rows a check of a file counts."""
    run = subprocess.run([program, "check", file, "--to", "vome", "--format", "json"], capture_output=True, text=True)
    return json.loads(run.stdout)["counts"]["rows"]


def measure(program, files, verbs, threads, runs):
    """Runs everything in turns and prints the table."""
    cases = [(file, verb, count) for file in files for verb in verbs for count in threads]
    taken = {case: [] for case in cases}
    for turn in range(runs + 1):
        for file, verb, count in cases:
            command = [program, verb, file, "--to", "vome", "--quiet", "--threads", str(count)]
            if verb == "build":
                command += ["-o", "out"]
            took = once(command)
            shutil.rmtree("out", ignore_errors=True)
            if turn:  # the first turn brings the files into memory
                taken[file, verb, count].append(took)
    print("| file | verb | threads | wall, s | CPU, s | in the system, s | peak, MiB | CPU, µs a row |")
    print("|---|---|---:|---:|---:|---:|---:|---:|")
    rows = {file: rows_of(program, file) for file in files}
    for (file, verb, count), all_runs in taken.items():
        wall, cpu, system, peak = (statistics.median(column) for column in zip(*all_runs))
        name = os.path.basename(file)
        print(f"| {name} | {verb} | {count} | {wall:.3f} | {cpu:.3f} | {system:.3f} | {peak:.0f} "
              f"| {cpu / rows[file] * 1e6:.2f} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("program")
    parser.add_argument("files", nargs="*")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--threads", default="1,2")
    parser.add_argument("--verbs", default="check,build")
    args = parser.parse_args()
    program, files = os.path.abspath(args.program), [os.path.abspath(file) for file in args.files]
    threads = [int(count) for count in args.threads.split(",")]
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        small = os.path.join(folder, "100-rows.csv")
        people.write_csv(small, people.people(100))
        measure(program, [small, *files], args.verbs.split(","), threads, args.runs)
        os.chdir("/")


if __name__ == "__main__":
    main()
