"""Writes DataSet/Tag+DataElements.swift from data_elements.csv: `make data-elements`, after a line is added to the table.

Tags, keywords and value representations are those of the data dictionary (DICOM PS3.6, 2024e, chapter 6); where that allows several
representations, the one that is written. A test compares the table with DCMTK's dictionary.
"""
import csv, pathlib

here = pathlib.Path(__file__).parent
ACRONYMS = ("SOP", "VOI", "LUT", "ICC", "UID", "MIME", "KVP", "CT")


def name(keyword):
    for acronym in ACRONYMS:
        if keyword.startswith(acronym):
            return acronym.lower() + keyword[len(acronym):]
    return keyword[0].lower() + keyword[1:]


lines = ["// Made from data_elements.csv by `make data-elements`: change the table, not this file.", "extension Tag {"]
with open(here / "data_elements.csv") as table:
    for row in csv.DictReader(table):
        group, element = row["tag"][:4], row["tag"][4:]
        lines.append(f"    package static let {name(row['keyword'])} = Tag(0x{group}, 0x{element}, .{row['vr'].lower()})")
lines.append("}")
(here.parent / "DataSet" / "Tag+DataElements.swift").write_text("\n".join(lines) + "\n")
