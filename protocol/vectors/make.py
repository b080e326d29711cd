#!/usr/bin/env python3
"""Writes the golden frames: source/NAME.src -> NAME.txt. Needs protoc. README.md says what both formats are.

With --check it writes nothing and fails when a file is not what its source makes. Verdicts are not computed: they are what the sources say, and the checks hold readers against them.
"""

import pathlib
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
TYPES = {"to-server": "speedwell.ToServer", "to-device": "speedwell.ToDevice"}


def encode(direction, text):
    """The bytes of a message given in protobuf's text format; @N@ stands for N bytes 00, 01, 02 ..."""
    text = re.sub("@([0-9]+)@", lambda m: "".join(f"\\{i & 255:03o}" for i in range(int(m[1]))), text)
    command = ["protoc", f"--encode={TYPES[direction]}", f"-I{HERE.parent}", "speedwell.proto"]
    return subprocess.run(command, input=text.encode(), stdout=subprocess.PIPE, check=True).stdout


def frame(message):
    """The message behind its length."""
    prefix, rest = b"", len(message)
    while rest >= 0x80:
        prefix, rest = prefix + bytes([rest & 0x7F | 0x80]), rest >> 7
    return prefix + bytes([rest]) + message


def vectors(line):
    """The lines of the golden file that a line of the source stands for."""
    direction, made, stock, verdict, canonical, meaning = line.split(" | ")
    form, value = made.split(": ", 1)
    if canonical not in ("=", "-"):
        canonical = frame(encode(direction, canonical)).hex()
    if form == "cut":
        whole = encode(direction, value)
        frames = [(frame(whole[:n]), f"{meaning} cut after {n} of {len(whole)} bytes") for n in range(1, len(whole))]
    elif form == "text":
        frames = [(frame(encode(direction, value)), meaning)]
    elif form == "hex":
        frames = [(frame(bytes.fromhex(value)), meaning)]
    elif form == "frame":
        frames = [(bytes.fromhex(value), meaning)]
    else:
        raise SystemExit(f"unknown form '{form}' in: {line}")
    return [" | ".join((direction, data.hex(), stock, verdict, canonical, text)) for data, text in frames]


def main(check):
    for source in sorted(HERE.glob("source/*.src")):
        lines = []
        for line in source.read_text().splitlines():
            plain = not line or line.startswith("#")
            lines += [line] if plain else vectors(line)
        target, content = HERE / f"{source.stem}.txt", "\n".join(lines) + "\n"
        if not check:
            target.write_text(content)
        elif target.read_text() != content:
            sys.exit(f"{target.name} is not what {source.name} makes: run make.py")


if __name__ == "__main__":
    main(check=sys.argv[1:] == ["--check"])
