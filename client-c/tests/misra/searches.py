"""Guidelines that no tool at hand checks, and that a search can: words that may not occur, functions used as values."""

import re

THREADS = r"threads\.h|pthread|\b(?:thrd|mtx|cnd|tss)_|_Thread_local"
ATOMIC = r"\b_Atomic\b|stdatomic|\batomic_"
NORETURN = r"_Noreturn|\bnoreturn\b"
WORDS = {
    **{name: THREADS for name in ("Dir 5.1", "Dir 5.2", "Dir 5.3", "21.26", *[f"22.{n}" for n in range(11, 21)])},
    "Dir 4.2": r"\b(?:__)?asm\b", "Dir 4.3": r"\b(?:__)?asm\b",
    "6.3": r"^\s*(?:const )?(?:unsigned|signed|int|bool|u?int\d+_t)\b[\w ]*:\s*\d",
    "7.5": r"\bU?INT(?:\d+|MAX)_C\b", "7.6": r"\bU?INT(?:\d+|MAX)_C\b",
    "8.15": r"\b_?[Aa]lignas\b", "8.16": r"\b_?[Aa]lignas\b", "8.17": r"\b_?[Aa]lignas\b",
    **{name: ATOMIC for name in ("9.7", "11.10", "12.6", "21.25")},
    "17.9": NORETURN, "17.10": NORETURN,
    "21.13": r"ctype\.h", "21.17": r"\bstr\w+\(", "21.22": r"tgmath", "21.23": r"tgmath", "21.24": r"\bs?rand\(",
    **{f"23.{n}": r"\b_Generic\b" for n in range(1, 9)},
}
FUNCTIONS = "17.12"
SEARCHED = {*WORDS, FUNCTIONS}


def code(text):
    """The text without comments and strings, line by line."""
    text = re.sub(r"/\*.*?\*/", lambda match: re.sub(r"[^\n]", " ", match.group()), text, flags=re.S)
    return re.sub(r'"(?:\\.|[^"\\\n])*"', '""', re.sub(r"//.*", "", text)).splitlines()


def searched(files):
    """(file, line, guideline) of everything found."""
    found = set()
    for file in files:
        lines = code(file.read_text())
        functions = {name for line in lines for name in re.findall(r"^(?:static |inline |SPW_NOINLINE )*\w+ \*?(\w+)\(", line)}
        for number, line in enumerate(lines, 1):
            found |= {(file.resolve(), number, name) for name, pattern in WORDS.items() if re.search(pattern, line)}
            if functions & set(re.findall(r"= (\w+);", line)):
                found.add((file.resolve(), number, FUNCTIONS))
    return found
