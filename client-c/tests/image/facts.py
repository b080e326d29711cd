"""Builds the probe image for one core and reads facts off it: the linker's map, the disassembly, gcc's call graphs."""

import pathlib
import re
import subprocess

from cores import FORBIDDEN, LIBGCC, OPTIONAL, PORTS, PUBLIC, WANTED

OPTIONS = "-std=c11 -Os -ffreestanding -ffunction-sections -fdata-sections -fcallgraph-info=su".split()


def run(*words, folder=None):
    return subprocess.run([str(word) for word in words], cwd=folder, check=True, text=True, capture_output=True).stdout


class Image:
    """The linked image and everything found on it; `broken` says what breaks a rule, a line each."""

    def __init__(self, core, paths, fault=None):
        self.core = core
        self.out = paths.out / core.name
        self.broken = []
        self.version = run(core.compiler, "-dumpfullversion").strip()
        self._compile(paths, fault)
        self._symbols()
        self._link(fault)
        if (self.out / "image").exists():
            self._map()
            self._disassembly()
            self._frames()
            self._ports()
            self._stack()

    def _compile(self, paths, fault):
        self.out.mkdir(parents=True, exist_ok=True)
        for old in self.out.iterdir():
            old.unlink()
        probe = pathlib.Path(__file__).resolve().parent
        folders = [probe / "include", paths.core / "include", paths.core / "src", paths.core / "ports/flash/include",
                   paths.generated, paths.nanopb]
        sources = sorted((paths.core / "src").glob("*.c"))
        sources += [paths.core / folder / file for file, (folder, _, _) in OPTIONAL.items()]
        defines = []
        if fault:
            sources.append(probe / "faults.c")
            defines.append(f"-DFAULT_{fault}")
        self.objects = [source.stem + ".o" for source in sources]
        for source in [*sources, probe / "probe.c"]:
            run(self.core.compiler, *OPTIONS, *self.core.flags, *[f"-I{folder}" for folder in folders], *defines,
                "-c", source, "-o", self.out / (source.stem + ".o"))

    def _symbols(self):
        wanted, defined = set(), set()
        for line in run(self.core.prefix + "nm", *self.objects, folder=self.out).splitlines():
            *_, kind, name = line.split() if len(line.split()) > 1 else ("", "")
            if kind == "U":
                wanted.add(name)
            elif kind:
                defined.add(name)
                if kind in "bBdDcCgGsS":
                    self.broken.append(f"writable static data in the core: {name}")
        for name in sorted(wanted - defined - WANTED - set(LIBGCC)):
            what = "no heap, stdio, jumps or locale" if FORBIDDEN.match(name) else "which a freestanding image lacks"
            self.broken.append(f"the core calls {name}: {what}")
        self.libgcc = sorted((wanted - defined) & set(LIBGCC))

    def _link(self, fault):
        keep = ["-Wl,-u,probe_fault"] if fault else []
        libgcc = run(self.core.compiler, *self.core.flags, "-print-libgcc-file-name").strip()
        try:
            run(self.core.compiler, *self.core.flags, "-nostdlib", "-static", "-Wl,--gc-sections", "-Wl,-e,probe_start",
                "-Wl,-Map=map", *keep, *self.objects, "probe.o", "-o", "image", libgcc, folder=self.out)
        except subprocess.CalledProcessError as error:
            missing = sorted(set(re.findall(r"undefined reference to .*", error.stderr)))
            self.broken.append(f"the image does not link: {'; '.join(missing) or error.stderr}")

    def _map(self):
        """Text by file; which file each function is from."""
        self.text, self.files = {}, {}
        kept = (self.out / "map").read_text().split("Linker script and memory map")[1]
        pattern = r"^ \.(text|rodata|srodata)(\S*)\s+0x([0-9a-f]+)\s+0x([0-9a-f]+) (\S.*)$"
        for _, _, address, size, place in re.findall(pattern, kept, re.M):
            file = "libgcc" if "libgcc.a(" in place else re.sub(r".*/|\.o$", "", place) + ".c"
            if not file.startswith("probe"):
                self.text[file] = self.text.get(file, 0) + int(size, 16)
            if int(size, 16):
                self.files[int(address, 16)] = file

    def _disassembly(self):
        """Functions by address, with their direct calls and whether they call through a pointer."""
        self.names, self.calls, self.indirect = {}, {}, {}
        listing = run(self.core.prefix + "objdump", "-d", "--no-show-raw-insn", self.out / "image")
        found = re.findall(r"^([0-9a-f]+) <([^>]+)>:\n((?:.+\n)*)", listing, re.M)
        self.names = {int(address, 16): name for address, name, _ in found}
        for address, name, body in found:
            own = int(address, 16)
            targets = set()
            before = ""
            for line in body.splitlines():
                match = self.core.call.search(line)
                target = int(next(group for group in match.groups() if group), 16) if match else None
                # A jump to its own start is a loop, a call of it is not.
                if target in self.names and (target != own or re.search(r"\t(bl|call|jal)\b", line)):
                    targets.add(target)
                if self.core.indirect.search(line) and not self._returns(before, line):
                    self.indirect[own] = self.indirect.get(own, 0) + 1
                if self.core.arithmetic.search(line) and not self._of_probe(own):
                    self.broken.append(f"{name} computes in floating point: {line.split(chr(9), 1)[1]}")
                before = before.splitlines(keepends=True)[-1] + line + "\n" if before else line + "\n"
            self.calls[own] = targets

    @staticmethod
    def _returns(before, line):
        """Thumb-1 returns so: the address is popped into a register, and the stack given back."""
        match = re.search(r"\tbx\t(r\d)", line)
        return bool(match and re.search(rf"\tpop\t{{{match.group(1)}}}", before))

    def _file(self, address):
        starts = [start for start in self.files if start <= address]
        return self.files[max(starts)] if starts else ""

    def _of_probe(self, address):
        return self._file(address).startswith("probe") or self.names[address] in LIBGCC

    def _frames(self):
        """Bytes of stack of each function, by address; from gcc, and from the table for libgcc."""
        own = {}
        for object_name in [*self.objects, "probe.o"]:
            file = object_name[:-2] + ".c"
            graph = (self.out / (object_name[:-2] + ".ci")).read_text()
            for title, size, kind in re.findall(r'title: "([^"]+)" label: "[^"]*\\n(\d+) bytes \(([a-z,]+)\)', graph):
                name = title.split(":")[-1]
                own[file, name] = int(size)
                if kind != "static":
                    self.broken.append(f"{name} has a stack of variable size")
        self.frames = {}
        for address, name in self.names.items():
            plain = re.sub(r"\.\d+$", "", name)
            file = self._file(address)
            size = next((own[key] for key in ((file, name), (file, plain)) if key in own), LIBGCC.get(name))
            if size is None:
                self.broken.append(f"no figure for the stack of {name}: name it in the table of libgcc's functions")
                size = 0
            self.frames[address] = size

    def _ports(self):
        """Every call through a pointer must be one of a port."""
        members = "|".join(f"{owner}->(?:{'|'.join(names)})" for owner, (names, _) in PORTS.items())
        self.port_calls = []
        leaving = set()
        for graph in sorted(self.out.glob("*.ci")):
            pattern = r'sourcename: "([^"]+)" targetname: "__indirect_call" label: "(.+):(\d+):\d+"'
            for source, file, line in re.findall(pattern, graph.read_text()):
                name = source.split(":")[-1]
                text = pathlib.Path(file).read_text().splitlines()[int(line) - 1].strip()
                match = re.search(rf"({members})\(", text)
                if match:
                    self.port_calls.append((name, match.group(1)))
                else:
                    self.broken.append(f"{name} makes an indirect call that is no port: {text}")
                leaving.add((graph.stem + ".c", name))
        for address in self.indirect:
            name = self.names[address]
            if (self._file(address), re.sub(r"\.\d+$", "", name)) not in leaving and name not in LIBGCC:
                self.broken.append(f"{name} calls through a pointer, and no source line says where to")

    def _stack(self):
        """Leaves first; what is left when there are no more leaves calls itself."""
        self.deepest, open_functions = {}, dict(self.calls)
        while open_functions:
            leaves = [f for f, targets in open_functions.items() if all(t in self.deepest for t in targets)]
            if not leaves:
                break
            for f in leaves:
                below = max(open_functions.pop(f), key=lambda t: self.deepest[t][0], default=None)
                size, path = self.deepest.get(below, (0, ()))
                self.deepest[f] = (self.frames[f] + size, ((self.names[f], self.frames[f]), *path))
        for f in open_functions:
            self.broken.append(f"{self.names[f]} is in a call cycle, or calls one")
        self.public = {self.names[f]: figure for f, figure in self.deepest.items() if PUBLIC.match(self.names[f])}
        sizes = run(self.core.prefix + "nm", "-S", self.out / "image")
        states = ["client", *[state for _, state, _ in OPTIONAL.values()]]
        self.states = {name: int(re.search(rf"([0-9a-f]+) . {name}$", sizes, re.M).group(1), 16) for name in states}
