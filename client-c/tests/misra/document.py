"""client-c/MISRA.md: its records and lists, and findings held against them."""

import re

COUNTS = {1: 4, 2: 7, 3: 2, 4: 2, 5: 9, 6: 2, 7: 4, 8: 14, 9: 5, 10: 8, 11: 9, 12: 5, 13: 6, 14: 4, 15: 7, 16: 7, 17: 8,
          18: 8, 19: 2, 20: 14, 21: 21, 22: 10}
# Directives and rules of MISRA C:2012 with amendments 1 and 2.
GUIDELINES = ["Dir 1.1", "Dir 2.1", "Dir 3.1", *[f"Dir 4.{n}" for n in range(1, 15)],
              *[f"{chapter}.{n}" for chapter, count in COUNTS.items() for n in range(1, count + 1)]]
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
        self.places = 0

    def contradictions(self):
        """The table and the lists must tell the same."""
        for name, (category, status) in self.guidelines.items():
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
