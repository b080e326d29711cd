"""client-c/MISRA.md: its records and lists, and findings held against them."""

import re

from searches import SEARCHED

# Directives and rules of MISRA C:2012 with amendments 1 to 4, which are those of MISRA C:2023: 21 and 200.
DIRECTIVES = {1: 1, 2: 1, 3: 1, 4: 15, 5: 3}
RULES = {1: 5, 2: 8, 3: 2, 4: 2, 5: 9, 6: 3, 7: 6, 8: 17, 9: 7, 10: 8, 11: 10, 12: 6, 13: 6, 14: 4, 15: 7, 16: 7, 17: 13,
         18: 10, 19: 2, 20: 14, 21: 26, 22: 20, 23: 8}
GUIDELINES = [f"{kind}{chapter}.{n}" for kind, counts in (("Dir ", DIRECTIVES), ("", RULES))
              for chapter, count in counts.items() for n in range(1, count + 1)]
MANDATORY = set("9.1 9.7 12.5 13.6 17.3 17.4 17.6 17.9 18.10 19.1 21.13 21.17 21.18 21.19 21.20 21.22 22.2 22.4 22.5 22.6 "
                "22.12 22.14 22.20".split())
ADVISORY = {*(f"Dir 4.{n}" for n in (2, 4, 5, 6, 8, 9, 13)),
            *("1.2 2.3 2.4 2.5 2.6 2.7 2.8 4.2 5.9 8.7 8.9 8.11 8.13 8.16 8.17 10.5 11.4 11.5 12.1 12.3 12.4 13.3 13.4 15.1 "
              "15.4 15.5 17.8 17.11 17.12 18.4 18.5 19.2 20.1 20.5 20.10 21.11 21.12 23.1 23.3 23.5 23.7".split())}
MARK = re.compile(r"MISRA deviation (D\.\d+)")


class Document:
    """What the document says."""

    def __init__(self, path, fault):
        text = path.read_text()
        if fault == "RECORD":
            text = text.replace("\n| D.1 |", "\n| D.98 | 17.2 | nowhere | - | - | - |\n| D.1 |", 1)
        if fault == "GUIDELINE":
            text = re.sub(r"\n\| 17\.2 \|.*", "", text)
        self.records = {name: set(rules.split(", ")) for name, rules in re.findall(r"^\| (D\.\d+) \| ([^|]+) \|", text, re.M)}
        self.mistakes = [(set(rules.split(", ")), re.compile(pattern.replace("\\|", "|")))
                         for rules, pattern in re.findall(r"^\| F\.\d+ \| ([^|]+) \| `(.+?)` \|", text, re.M)]
        self.adopted = [(set(re.findall(r"`([\w.]+)`", files)), set(rules.split(", ")))
                        for files, rules in re.findall(r"^\| A\.\d+ \| ([^|]+) \| ([^|]+) \|", text, re.M)]
        disapplied = text.split("## Advisory guidelines disapplied")[1].split("##")[0]
        self.disapplied = set(re.findall(r"^\| ((?:Dir )?\d+\.\d+) \|", disapplied, re.M))
        table = text.split("## Every guideline")[1]
        rows = re.findall(r"^\| ((?:Dir )?\d+\.\d+) \| [^|]+ \| (required|advisory|mandatory) \| ([^|]+) \| (\S+) \|", table, re.M)
        self.guidelines = {name: (category, status) for name, category, status, _ in rows}
        self.ways = {name: way for name, _, _, way in rows}
        self.places = 0

    def contradictions(self):
        """The table and the lists must tell the same."""
        for name, (category, status) in self.guidelines.items():
            right = "mandatory" if name in MANDATORY else "advisory" if name in ADVISORY else "required"
            if category != right:
                yield f"{name} is {right}, not {category}"
            if (self.ways[name] == "S") != (name in SEARCHED):
                yield f"{name} is searched for, and the table says otherwise, or the other way round"
            if name in MANDATORY and status not in ("complied", "not applicable"):
                yield f"{name} is mandatory: it cannot be {status}"
            deviated = sorted(record for record, rules in self.records.items() if name in rules)
            if (status == "disapplied") != (name in self.disapplied):
                yield f"{name} is {status} in the table; the list of disapplied guidelines says otherwise"
            if name in self.disapplied and category != "advisory":
                yield f"{name} is {category}: it cannot be disapplied"
            if deviated and status != ", ".join(deviated):
                yield f"{name} is {status} in the table, and has the records {', '.join(deviated)}"
            if re.match(r"D\.", status) and not deviated:
                yield f"{name} is deviated in the table, and has no record"

    def hold(self, found, files, core):
        """Findings without a mark, and marks without a record or a finding's rule; records without a place."""
        broken, marks = [], {}
        for file in files if files is not None else {place for place, _, _ in found}:
            marks[file] = self._marks(file.read_text().splitlines())
        seen = set()
        for file, lines in marks.items():
            names = {name for covered in lines.values() for name in covered}
            seen |= names
            broken += [f"{file.name}: a mark of {name}, which has no record" for name in sorted(names - set(self.records))]
        if files is not None:
            broken += [f"{name} has a record and no place" for name in sorted(set(self.records) - seen)]
        for file, line, rule in sorted(found):
            adopted = next((rules for files_, rules in self.adopted if file.name in files_), None)
            if adopted is not None:
                if rule not in adopted:
                    broken.append(f"{file.name}:{line}: {rule}, which the record of that header does not name")
                continue
            covering = [name for name in marks.get(file, {}).get(line, ()) if rule in self.records.get(name, ())]
            text = file.read_text().splitlines()[line - 1]
            mistaken = any(rule in rules and pattern.search(text) for rules, pattern in self.mistakes)
            if covering:
                self.places += 1
            elif rule not in self.disapplied and not mistaken:
                broken.append(f"{file.relative_to(core) if core in file.parents else file.name}:{line}: {rule} without a mark")
        return broken

    @staticmethod
    def _marks(lines):
        """Which marks count for a line: those on it, and those in a comment above it, to the next blank line."""
        covered, open_marks = {}, []
        for number, line in enumerate(lines, 1):
            found = MARK.findall(line)
            if not line.strip():
                open_marks = []
            elif found and line.lstrip().startswith(("/*", "*")):
                open_marks = open_marks + found
            covered[number] = open_marks + found
        return covered
