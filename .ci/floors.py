"""floors.py FLOORS OUT: holds the results of the judges against the floors of the project.

FLOORS is a JSON file {"judge": {"tier": percent}}. OUT is the folder into which the judges wrote
one JSON file each, with {"totals": {"tier": {"passed", "of", "percent"}}}. Prints a table and exits
1 when a result is below its floor, or is missing although it has one. Standard library only.

To raise a floor: put the figure of the column "percent" into floors.json, in the commit that made
it better. A floor is lowered only with a reason in the commit message.
"""

import json
import pathlib
import sys


def main():
    if len(sys.argv) != 3:
        sys.exit("usage: floors.py FLOORS OUT")
    floors = json.loads(pathlib.Path(sys.argv[1]).read_text(encoding="utf-8"))
    results = {}
    for path in sorted(pathlib.Path(sys.argv[2]).glob("*.json")):
        totals = json.loads(path.read_text(encoding="utf-8"))["totals"]
        # Totals by the source of the cases are for reading, not for floors.
        results[path.stem] = {t: r for t, r in totals.items() if not t.startswith("by ")}

    below = 0
    rows = [["judge", "tier", "passed", "of", "percent", "floor", ""]]
    for judge in [*floors, *(judge for judge in results if judge not in floors)]:
        tiers = floors.get(judge, {})
        got = results.get(judge, {})
        for tier in [*tiers, *(tier for tier in got if tier not in tiers)]:
            floor, result = tiers.get(tier), got.get(tier)
            note = ""
            if result is None:
                note, result = "NO RESULT", {"passed": "-", "of": "-", "percent": "-"}
            elif floor is None:
                note, floor = "no floor yet", "-"
            elif result["percent"] is None or result["percent"] < floor:
                note = "BELOW THE FLOOR"
            elif result["percent"] > floor:
                note = "the floor can be raised"
            below += note.isupper()
            figures = [result["passed"], result["of"], result["percent"], floor]
            rows.append([judge, tier, *map(str, figures), note])
    judges, tiers = (max(len(row[column]) for row in rows) for column in (0, 1))
    for judge, tier, *figures, note in rows:
        cells = [f"{judge:{judges}} ", f"{tier:{tiers}}", *(f"{f:>7}" for f in figures), "", note]
        print(" ".join(cells).rstrip())
    if below:
        print(f"{below} below the floor or without a result")
    return 1 if below else 0


if __name__ == "__main__":
    sys.exit(main())
