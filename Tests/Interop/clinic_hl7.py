"""HL7 messages, read and written by Pleura and by python-hl7 and hl7apy, compared field by field.

    python clinic_hl7.py COMMAND...     such as: swift test --filter HL7InteropTests

A folder of generated and odd messages is laid; COMMAND reads it with Pleura (the environment's PLEURA_HL7_FOLDER names it) and lays JSON of
each message, the answers to them and a hundred results beside them. Then:
- python-hl7 and hl7apy find the same segments, fields, repetitions, components and subcomponents in each message;
- python-hl7 finds the same text where escape sequences are replaced;
- hl7apy validates each result and each answer, every OBX has OBX-2, and python-hl7 finds the findings, boxes and scores in each result.
"""
import json
import os
import pathlib
import random
import re
import subprocess
import sys
import tempfile

import hl7
from hl7apy.consts import VALIDATION_LEVEL
from hl7apy.parser import parse_message

ESCAPES = {"|": "\\F\\", "^": "\\S\\", "~": "\\R\\", "\\": "\\E\\", "&": "\\T\\"}
WORDS = ["DOE", "JANE", "Müller", "山田", "Ελένη", "O'Hara", "cough & fever", "a|b", "95 %", "x^y", "C:\\temp", "", " x", "12.5", "~", "ß", "éà", '"', "#"]


def escaped(text):
    return "".join(ESCAPES.get(letter, letter) for letter in text)


def field(source, deep=True):
    """A field with up to three repetitions of components of subcomponents."""
    def part():
        return escaped(source.choice(WORDS)) if source.random() < 0.9 else '""'

    def component():
        return "&".join(part() for _ in range(source.choice([1, 1, 1, 2, 3])))

    def repetition():
        return "^".join(component() for _ in range(source.choice([1, 1, 2, 3, 6])))

    if source.random() < 0.2:
        return ""
    return "~".join(repetition() for _ in range(source.choice([1, 1, 1, 2, 3]))) if deep else escaped(source.choice(WORDS))


def generated(number):
    source = random.Random(number)
    kind = source.choice(["ORM^O01", "ORU^R01", "ADT^A08", "ADT^A40"])
    version = source.choice(["2.3.1", "2.4", "2.5", "2.5.1"])
    control = f"C{number:05d}"
    lines = [f"MSH|^~\\&|RIS|NORTH|PLEURA|NORTH|20261130081500||{kind}|{control}|P|{version}||||||UNICODE UTF-8"]
    order = ["PID", "PV1", "ORC", "OBR"]
    names = {"ORM^O01": order, "ORU^R01": order, "ADT^A08": ["EVN", "PID", "PV1"], "ADT^A40": ["EVN", "PID", "MRG"]}
    for name in names[kind]:
        lines.append(name + "|" + "|".join(field(source) for _ in range({"EVN": 6, "MRG": 7, "PID": 30, "PV1": 50, "ORC": 19, "OBR": 43}[name])))
    if kind in ("ORM^O01", "ORU^R01"):
        for index in range(source.randint(0, 5)):
            value = "~".join(escaped(source.choice(WORDS)) for _ in range(source.randint(1, 3)))
            lines.append(f"OBX|{index + 1}|TX|{escaped(source.choice(WORDS))}^x^L||{value}||||||F")
        for _ in range(source.randint(0, 2)):
            lines.append("ZDS|" + field(source) + "|" * source.randint(0, 3))
    # python-hl7 takes the blanks off a message's end.
    return "\r".join(lines + ["ZZZ|end"]) + "\r"


def own(parsed):
    """Pleura's JSON as plain lists, without what is empty at the end."""
    return [(segment["name"], segment["fields"], segment["texts"]) for segment in parsed["segments"]]


def trimmed(value):
    """Nested lists without empty ends: parsers differ in whether they tell of them."""
    if isinstance(value, str):
        return value
    parts = [trimmed(part) for part in value]
    while parts and parts[-1] in ("", []):
        parts.pop()
    return parts


def of_python_hl7(text):
    message = hl7.parse(text)
    segments = []
    for segment in message:
        name = str(segment[0])
        fields = []
        for place in range(1, len(segment)):
            value = segment[place]
            if name == "MSH" and place <= 2:
                fields.append([[[str(value)]]])
                continue
            repetitions = []
            for repetition in value if isinstance(value, hl7.Field) else [value]:
                if not isinstance(repetition, hl7.Repetition):
                    repetitions.append([[str(repetition)]])
                    continue
                parts = [component if isinstance(component, hl7.Component) else [component] for component in repetition]
                repetitions.append([[str(part) for part in component] for component in parts])
            fields.append(repetitions)
        segments.append((name, fields))
    return message, segments


def of_hl7apy(text):
    message = parse_message(text, validation_level=VALIDATION_LEVEL.TOLERANT, find_groups=False)
    segments = []
    for segment in message.children:
        fields = {}
        for part in segment.children:
            number = int(part.name.split("_")[1]) if part.name and "_" in part.name else None
            if number is None:
                raise SystemExit(f"hl7apy has a field without a number in {segment.name}")
            fields.setdefault(number, []).append(part.to_er7())
        segments.append((segment.name, fields))
    return segments


def same(number, what, expected, found):
    if expected != found:
        raise SystemExit(f"{number}: {what}: expected {expected!r}, found {found!r}")


def compare(name, text, parsed):
    """One message, as the three parsers see it. The number of fields that were compared."""
    segments = own(parsed)
    message, others = of_python_hl7(text)
    same(name, "segments", [segment for segment, _ in others], [segment for segment, _, _ in segments])
    count = 0
    for (segment, fields), (_, ours, texts) in zip(others, segments):
        same(name, f"fields of {segment}", trimmed(fields), trimmed(ours))
        for place, (raw, plain) in enumerate(zip(ours, texts), 1):
            count += 1
            if segment == "MSH" and place <= 2:
                continue
            for repetition, told in zip(raw, plain):
                for component, words in zip(repetition, told):
                    for part, word in zip(component, words):
                        same(name, f"{segment}-{place} without escapes", message.unescape(part).replace("\r", "\n"), word)
    for (segment, fields), (_, ours, _) in zip(of_hl7apy(text), segments):
        for place, raw in enumerate(ours, 1):
            if segment == "MSH" and place <= 2:
                continue
            # Where a field has more components than its data type, hl7apy leaves out those that are empty; a blank may be empty to it.
            mine = [[part for part in ("&".join(trimmed(component)) for component in repetition) if part.strip()] for repetition in raw]
            # It writes escape sequences that it does not know with their own characters escaped.
            known = [re.sub(r"\\E\\(X[0-9A-F]+|\.br)\\E\\", r"\\\1\\", repetition) for repetition in fields.get(place, [])]
            theirs = [[part for part in (part.rstrip("&") for part in repetition.split("^")) if part.strip()] for repetition in known]
            mine, theirs = trimmed(mine), trimmed(theirs)
            same(name, f"{segment}-{place} of hl7apy", theirs, mine)
    return count


def validate(name, text):
    # python-hl7 reads it, and so does the stricter of the two; an OBX without a type passes there.
    hl7.parse(text)
    message = parse_message(text, validation_level=VALIDATION_LEVEL.TOLERANT, find_groups=True)
    try:
        message.validate()
    except Exception as error:
        raise SystemExit(f"{name}: hl7apy: {error}\n" + text.replace("\r", "\n"))
    for segment in text.split("\r"):
        fields = segment.split("|")
        if fields[0] == "OBX" and not (fields[2] and fields[3] and fields[4] and fields[11]):
            raise SystemExit(f"{name}: an OBX without OBX-2, OBX-3, OBX-4 or OBX-11")


def check_validator(text):
    """That what a validator passes says something: it stops a result without a patient's id, without its request, without a type of answer."""
    for broken in (re.sub(r"\rPID\|1\|\|[^|]*", "\rPID|1||", text), re.sub(r"\rOBR[^\r]*", "", text), text.replace("|P|2.5.1", "||2.5.1", 1)):
        try:
            validate("broken", broken)
        except SystemExit:
            continue
        raise SystemExit("hl7apy validates a broken result")


def check_findings(name, text, expected):
    """The findings of a result as python-hl7 reads them."""
    message = hl7.parse(text)
    found = {}
    for segment in message.segments("OBX"):
        group = str(segment[4])
        code = str(segment[3][0][0])
        value = segment[5][0]
        if code == "121071" and group != "0":
            found[group] = {"label": message.unescape(str(value[4]))}
        elif code == "BOX":
            found[group]["box"] = [float(str(part)) for part in value]
        elif code == "SCORE":
            found[group]["score"] = float(str(value))
    same(name, "number of findings", len(expected), len(found))
    for group, finding in found.items():
        wanted = expected[int(group) - 1]
        same(name, "label", wanted["label"], finding["label"])
        if max(abs(a - b) for a, b in zip(wanted["box"], finding["box"])) > 0.01 or abs(wanted["score"] - finding["score"]) > 1e-6:
            raise SystemExit(f"{name}: finding {group}: {wanted} became {finding}")


def main(command):
    if not command:
        raise SystemExit(__doc__)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        texts = {f"in-{number:03d}.hl7": generated(number) for number in range(300)}
        for file, text in texts.items():
            (folder / file).write_bytes(text.encode())
        done = subprocess.run(command, env={**os.environ, "PLEURA_HL7_FOLDER": name}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if done.returncode:
            raise SystemExit(done.stdout[-6000:])
        fields = sum(compare(file, text, json.loads((folder / (file + ".json")).read_text())) for file, text in texts.items())
        print(f"{len(texts)} messages, {fields} fields: python-hl7, hl7apy and Pleura agree")
        check_validator((folder / "oru-0.hl7").read_bytes().decode())
        answers = sorted(folder.glob("ack-*.hl7"))
        for file in answers:
            validate(file.name, file.read_bytes().decode())
        print(f"{len(answers)} answers: valid")
        results = sorted(folder.glob("oru-*.hl7"))
        for file in results:
            raw = file.read_bytes()
            text = raw.decode("latin-1" if b"|8859/1" in raw else "utf-8")
            validate(file.name, text)
            compare(file.name, text, json.loads(file.with_suffix(".hl7.json").read_text()))
            check_findings(file.name, text, json.loads(file.with_suffix(".hl7.findings").read_text()))
        print(f"{len(results)} results: valid, and read alike")
        if len(texts) < 200 or len(answers) < 200 or len(results) < 100:
            raise SystemExit("too few messages were there")


if __name__ == "__main__":
    main(sys.argv[1:])
