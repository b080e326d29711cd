"""FOOTPRINT.md's tables, between its two marks; columns of cores that were not measured are kept as they stand."""

import re

from cores import BUDGETS, LIBGCC, OPTIONAL, PORTS, TEXT_FILES

BEGIN = "<!-- made by tests/image: begin -->"
END = "<!-- made by tests/image: end -->"
ORDER = ["Cortex-M4F", "Cortex-M0+", "RV32IMAC", "x86-64"]


def number(value):
    return f"{value:,}"


def figures(image):
    """Everything the document tells of one core: {(table, row): text}."""
    runtime = sum(size for file, size in image.text.items() if TEXT_FILES.fullmatch(file))
    told = {
        ("whole", "compiler"): f"{image.core.compiler} {image.version}",
        ("whole", "state, `sizeof(spw_client_t)`"): number(image.states["client"]),
        ("whole", "text of codec + frame + update + client"): number(runtime),
        ("whole", "text of everything: also layout, config, metrics, checksum, random numbers"): number(
            sum(size for file, size in image.text.items() if file not in OPTIONAL)
        ),
        ("whole", "worst-case stack of `spw_client_step`"): number(image.public["spw_client_step"][0]),
        ("whole", "writable static data"): "0",
        ("whole", "from libgcc"): ", ".join(f"`{name}`" for name in image.libgcc) or "-",
    }
    for file, (_, state, words) in OPTIONAL.items():
        told["optional", words] = f"{number(image.text[file])}, {number(image.states[state])}"
    for name in sorted(image.public):
        told["stack", f"`{name}`"] = number(image.public[name][0])
    for file in sorted(image.text):
        told["text", file] = number(image.text[file])
    path = image.public["spw_client_step"][1]
    told["path", image.core.name] = " > ".join(f"`{name}` {size}" for name, size in path)
    return told


def tables_of(text):
    """What an earlier document tells, by core."""
    told = {}
    for table, body in re.findall(r"<!-- (\w+) -->\n\n((?:\|.*\n)+)", text):
        rows = [[cell.strip() for cell in row.strip("|").split("|")] for row in body.strip().split("\n")]
        if table == "path":
            for core, path in rows[2:]:
                told.setdefault(core, {})[table, core] = path
        else:
            for row in rows[2:]:
                for core, value in zip(rows[0][1:], row[1:]):
                    if core in ORDER and value:
                        told.setdefault(core, {})[table, row[0]] = value
    return told


def renew(text, images):
    told = tables_of(text)
    for image in images:
        fresh = figures(image)
        old = told.get(image.core.name, {})
        if old.get(("whole", "compiler")) in (None, fresh["whole", "compiler"]):
            told[image.core.name] = fresh
    before, rest = text.split(BEGIN)
    after = rest.split(END)[1]
    return before + BEGIN + "\n" + render(told) + END + after


def table(told, name, title, extra=None):
    names = [core for core in ORDER if core in told]
    rows = []
    for core in names:
        rows += [row for part, row in told[core] if part == name and row not in rows]
    if name not in ("whole", "optional"):
        rows.sort()
    lines = [f"<!-- {name} -->", "", "| " + " | ".join([title, *names, *(["budget"] if extra else [])]) + " |"]
    lines.append("|---" * (len(names) + (2 if extra else 1)) + "|")
    for row in rows:
        cells = [row, *[told[core].get((name, row), "") for core in names]]
        lines.append("| " + " | ".join(cells + ([extra(row)] if extra else [])) + " |")
    return lines + [""]


def budget(row):
    key = {"state": "state", "text of codec": "text", "worst": "stack"}
    key = next((value for start, value in key.items() if row.startswith(start)), None)
    if row == "writable static data":
        return "0"
    return ", ".join(f"{core} {number(BUDGETS[core][key])}" for core in ORDER if key in BUDGETS[core])


def render(told):
    lines = ["", *table(told, "whole", "bytes", budget)]
    lines += ["## What is optional", "", "Text and state, in bytes; nothing where it is not linked, and in no figure above.", "",
              *table(told, "optional", "part")]
    lines += ["## Worst-case stack of public functions, bytes", "", *table(told, "stack", "function")]
    lines += ["The deepest path of `spw_client_step`, with each function's own bytes:", "", "<!-- path -->", ""]
    lines += ["| core | path |", "|---|---|"]
    lines += [f"| {core} | {told[core]['path', core]} |" for core in ORDER if core in told]
    lines += ["", "## Text by file, bytes", "", *table(told, "text", "file")]
    lines += ["## Calls through pointers", ""]
    lines += ["These leave the core; what they take comes to the stack above. There are no others.", ""]
    lines += ["| through | functions | whose |", "|---|---|---|"]
    lines += [f"| `{owner}` | {', '.join(f'`{name}`' for name in names)} | {whose} |" for owner, (names, whose) in PORTS.items()]
    lines += ["", "Assembly of libgcc has no figures by the compiler; these are read off its source: "
              + ", ".join(f"`{name}` {size}" for name, size in LIBGCC.items()) + ".", ""]
    return "\n".join(lines)


def line(image):
    told = figures(image)
    return (f"figure: {image.core.name}: text {told['whole', 'text of codec + frame + update + client']}, "
            f"stack {told['whole', 'worst-case stack of `spw_client_step`']}, "
            f"state {told['whole', 'state, `sizeof(spw_client_t)`']} bytes; no call cycle, heap, stdio, jumps, locale, "
            "floating-point arithmetic or writable static data")
