"""Writes page.c from what lies in Assets: `make page-files`. The program embeds every file there."""
import pathlib

here = pathlib.Path(__file__).parent
files = sorted(path.name for path in (here / "Assets").iterdir() if not path.name.startswith("."))
lines = [
    "// Made from Assets by `make page-files`: add files there, not here.",
    '#include "CWorkstationPage.h"',
    "",
    "// C23's #embed, which clang takes in any C: no time to compile, and a changed file is noticed.",
    '#pragma clang diagnostic ignored "-Wc23-extensions"',
    "",
]
for number, name in enumerate(files):
    lines += [f"static const unsigned char file_{number}[] = {{", f'#embed "Assets/{name}"', "};", ""]
lines.append("static const CWorkstationPageFile files[] = {")
lines += [f'    {{"{name}", file_{number}, sizeof file_{number}}},' for number, name in enumerate(files)]
lines += [
    "};",
    "",
    "size_t cworkstation_page_count(void) { return sizeof files / sizeof *files; }",
    "",
    "CWorkstationPageFile cworkstation_page_file(size_t index) { return files[index]; }",
]
(here / "page.c").write_text("\n".join(lines) + "\n")
