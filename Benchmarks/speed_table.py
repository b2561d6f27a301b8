"""The table of speed in Documentation/Speed.md, from Documentation/Measurements/speed.json, which `make bench-peers` writes."""

NAME = "speed.json"
MARKS = ("<!-- speed: begin, written by make bench-peers -->", "<!-- speed: end -->")
TOOLS = {"pleura": "Pleura", "ultralytics": "Ultralytics YOLO11n", "torchvision": "torchvision SSDLite320", "opencv": "OpenCV DNN, Pleura's network"}
COLUMNS = {"jpeg": "JPEG", "jpeg-pictures": "JPEG, pictures", "dicom": "DICOM", "dicom-pictures": "DICOM, pictures"}


def rounded(value):
    """Four digits that count: more say nothing."""
    if isinstance(value, dict):
        return {key: rounded(one) for key, one in value.items()}
    if isinstance(value, list):
        return [rounded(one) for one in value]
    return float(f"{value:.4g}") if isinstance(value, float) else value


def both(run, whole, warm):
    """A figure by the whole process, and in brackets without its start."""
    if not run:
        return ""
    return f"{run[whole]['value']:.1f}" + (f" ({run[warm]['value']:.1f})" if run.get(warm) else "")


def name(row):
    return TOOLS[row["tool"]] + (f" at {row['size']}" if row["size"] != 320 else "") + f", {row['precision']}"


def table(rows):
    lines = [
        "| images a second | " + " | ".join(COLUMNS.values()) + " | one image, s | peak MiB, without and with pictures |",
        "|---|" + "---|" * (len(COLUMNS) + 2),
    ]
    for row in sorted(rows, key=lambda row: (row["precision"] != "f32", list(TOOLS).index(row["tool"]), row["size"])):
        runs = row["runs"]
        cells = [both(runs.get(column), "rate", "warm") for column in COLUMNS]
        one = f"{runs['one']['seconds']['value']:.2f}" if "one" in runs else ""
        memory = ", ".join(f"{runs[column]['memory'] / 2**20:.0f}" for column in ("jpeg", "jpeg-pictures") if column in runs)
        lines.append(f"| {name(row)} | {' | '.join(cells)} | {one} | {memory} |")
    return lines


def ratios(rows):
    """How many times as many images as each peer, in the same rounds."""
    peers = [row for row in rows if row["tool"] != "pleura"]
    lines = ["| Pleura's over theirs | " + " | ".join(COLUMNS.values()) + " |", "|---|" + "---|" * len(COLUMNS)]
    for row in sorted(peers, key=lambda row: (row["precision"] != "f32", list(TOOLS).index(row["tool"]), row["size"])):
        cells = [both(row["runs"].get(column), "ratio", "warm_ratio") for column in COLUMNS]
        lines.append(f"| {name(row)} | {' | '.join(cells)} |")
    return lines


def steps(parts):
    shown = {
        "latency_network_milliseconds": "network alone, one image on all cores",
        "openvino_milliseconds": "the same by OpenVINO's benchmark_app",
        "network_ratio": "ratio of the two",
        "latency_file_milliseconds": "file to findings, one image on all cores",
        "postprocess_milliseconds": "after the network, one thread",
        "picture_milliseconds": "annotated picture drawn and encoded, one thread",
        "plain_milliseconds": "grey JPEG encoded alone, one thread",
        "decode_throughput_milliseconds": "decoding, all cores, an image",
        "preprocess_throughput_milliseconds": "preprocessing, all cores, an image",
        "network_throughput_milliseconds": "network, all cores, an image",
        "pipeline_throughput_milliseconds": "the whole pipeline, all cores, an image",
        "pipeline_ratio": "the whole pipeline over decoding and network",
    }
    parts = dict(sorted(parts.items(), reverse=True))
    lines = ["| milliseconds at 1024 pixels | " + " | ".join(parts) + " |", "|---|" + "---|" * len(parts)]
    for key, label in shown.items():
        cells = [f"{values[key]['value']:.2f}" if values.get(key) else "" for values in parts.values()]
        lines.append(f"| {label} | {' | '.join(cells)} |")
    return lines


def settings(rows):
    said = [f"{name(row)}: " + ", ".join(f"{key} {value}" for key, value in row["settings"].items()) for row in rows if row["settings"]]
    boxes = [f"{name(row)} {row['runs']['jpeg']['boxes']:.1f}" for row in rows if "jpeg" in row["runs"]]
    return f"Settings that were fastest in trials: {'; '.join(said)}. Boxes an image: {'; '.join(boxes)}."


def text(document):
    machine, versions, model, images = (document[key] for key in ("machine", "versions", "model", "images"))
    names = ", ".join(f"{key} {value}" for key, value in versions.items())
    note = (
        f"Measured {document['date']} on {machine['processor']}, {machine['cores']} cores, {document['rounds']} round{'s' if document['rounds'] > 1 else ''} in turns ({document.get('rounds_of_parts', document['rounds'])} of the steps), medians;"
        f" {images['jpeg']} JPEG {document['source']} of 1024 x 1024 and {images['dicom']} DICOM files of 2,000 to 3,000 pixels a side, from"
        f" files on disk to boxes in JSON, by the whole process; in brackets without its start. `{model['name']}` {model['version']};"
        f" `--precision auto` takes {document['automatic']} here; {names}. Everybody may use all cores, nobody is pinned to them, all reads"
        " JPEG through libjpeg-turbo. Ultralytics: its own `predict`, streamed, exported to OpenVINO. torchvision: a DataLoader, read and made"
        " smaller by OpenCV, channels last. Both have random weights (8 findings), which takes as long, and a threshold that gives about a box"
        " an image. DICOM is read for the peers by pydicom. OpenCV's DNN reads Pleura's network once its HardSigmoid is written as steps, and"
        " has no bf16 on processors. Memory is that of the largest process: torchvision's loaders come on top. Pleura's pictures come with the page, the others' without.")
    return "\n\n".join(
        ["\n".join(part) for part in (table(document["rows"]), ratios(document["rows"]), steps(document["parts"]))]
        + [f"{note} {settings(document['rows'])}"])
