"""What is measured, and what is allowed: the cores, the budgets, the ports and libgcc's functions."""

import re

# What is linked only where it is used: its file, the folder of it, its state in the probe, and what it is in words.
OPTIONAL = {
    "keep.c": ("keep", "keep", "what outlives a power cut: `keep.h`"),
    "flash.c": ("ports/flash", "flash", "a store over raw flash: `flash.h`"),
    "watch.c": ("watch", "watch", "faults and statistics: `watch.h`"),
    "check.c": ("watch", "check", "checksums on request: `check.h`"),
}

# Figures in bytes; what is left out has no limit. The budget of text counts the files below.
TEXT_FILES = re.compile(r"(codec|messages|frame|update|client.*)\.c")
BUDGETS = {
    "x86-64": {"state": 512, "stack": 512},
    "Cortex-M4F": {"state": 384, "stack": 320, "text": 8192},
    "Cortex-M0+": {"state": 384, "stack": 352, "text": 8448},
    "RV32IMAC": {"state": 384, "stack": 384, "text": 9728},
}

# Calls through these members leave the core: their stack is the integrator's. Who supplies them, in words.
PORTS = {
    "transport": (("open", "close", "send", "receive"), "the port"),
    "trainer": (("begin", "step", "finish"), "the trainer"),
    "encoding": (("base", "element"), "the encoding, if there is one"),
    "config": (("may_train", "on_event"), "the application, if it wants to"),
    "store": (("read", "write", "poll"), "the store, called by the keeper"),
    "device": (("read", "erase", "program", "poll"), "the flash, called by its store"),
    "inner": (("open", "close", "send", "receive"), "the port, called by the watch"),
    "watch": (("on_fault",), "the application, if it wants to"),
}

# Assembly of libgcc that a core without the instruction links: bytes of stack, read off its source.
LIBGCC = {
    "__gnu_thumb1_case_uqi": 4,
    "__gnu_thumb1_case_uhi": 4,
    "__aeabi_llsr": 0,
    "__lshrdi3": 0,
    "__aeabi_llsl": 0,
    "__ashldi3": 0,
    "__aeabi_lmul": 28,
    "__muldi3": 28,
}

# All that a freestanding image must bring.
WANTED = {"memcpy", "memmove", "memset"}
FORBIDDEN = re.compile(
    r"(.*alloc|free|.*printf|.*scanf|puts|putchar|f?open|fclose|fread|fwrite|_?setjmp|longjmp|signal|abort|exit|_?sbrk"
    r"|setlocale|localeconv|errno|__errno.*|system|getenv|time|clock)$"
)

PUBLIC = re.compile(r"spw_(client_(init|step|stop|connected|model_valid)|(config|metric|keep|flash|watch|check)_.*)$")


class Core:
    """One compiler and its flags; how its disassembly is read."""

    def __init__(self, name, compiler, flags, call, indirect, arithmetic):
        self.name = name
        self.compiler = compiler
        self.flags = flags.split()
        self.call = re.compile(call)  # a direct call or jump: group 1 is the address in hexadecimal
        self.indirect = re.compile(indirect)
        self.arithmetic = re.compile(arithmetic)  # of floating point; moves are not

    @property
    def prefix(self):
        return self.compiler[: -len("gcc")]


ARM_CALL = r"\tb(?:l|lx)?(?:eq|ne|cs|cc|mi|pl|vs|vc|hi|ls|ge|lt|gt|le)?(?:\.[nw])?\t([0-9a-f]+) <|\tcbn?z\tr\d+, ([0-9a-f]+) <"
ARM_INDIRECT = r"\t(?:blx\t(?:r\d+|ip|sl|fp)|bx\t(?!lr)\S+|mov\tpc, )"
ARM_FLOAT = r"\tv(?!mov|ldr|str|ldm|stm|push|pop)\w+"


def cores(arm_flags):
    """arm_flags: the flags of a core by the name of toolchains/cores.cmake."""
    return [
        Core("Cortex-M4F", "arm-none-eabi-gcc", arm_flags["cortex-m4"], ARM_CALL, ARM_INDIRECT, ARM_FLOAT),
        Core("Cortex-M0+", "arm-none-eabi-gcc", arm_flags["cortex-m0plus"], ARM_CALL, ARM_INDIRECT, ARM_FLOAT),
        Core(
            "RV32IMAC",
            "riscv64-unknown-elf-gcc",
            "-march=rv32imac -mabi=ilp32 -fno-jump-tables",
            r"\t(?:jal|j|b\w+)\t(?:\w+,)*([0-9a-f]+) <",
            r"\t(?:jalr|jr)\t(?!ra\b)(?!.*\bt0\b)",
            r"\tf(?!ence)\w+\.[sd]",
        ),
        Core(
            "x86-64",
            "gcc",
            "-fno-pie -no-pie -fno-stack-protector -fcf-protection=none -fno-jump-tables",
            r"\t(?:call|j\w+) +([0-9a-f]+) <",
            r"\t(?:call|jmp) +\*",
            r"\t(?:(?:add|sub|mul|div|sqrt|min|max|ucomi|comi|cvt\w*)[sp][sd]\b|cvt|f(?!ence)\w+)",
        ),
    ]
