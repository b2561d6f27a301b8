"""What the Object Detection API itself reads from the rebuilt sample configurations: their bytes, as its own messages serialise them.

Run where its messages can be imported (no TensorFlow is needed):
    python3 -m venv .build/pipelines && .build/pipelines/bin/pip install protobuf==3.20.3
    .build/pipelines/bin/pip download --no-deps tf-models-research-object-detection==2.8.0.post1   # and unpack it
    PYTHONPATH=UNPACKED .build/pipelines/bin/python -B Tests/Oracles/pipeline_configs.py Sources/PleuraTesting/PipelineSamples
"""

import base64
import json
import pathlib
import sys

from google.protobuf import text_format
from object_detection.protos import pipeline_pb2


def main() -> None:
    fixtures = pathlib.Path(sys.argv[1])
    golden = {}
    for path in sorted((fixtures / "Pipelines").glob("*.config")):
        message = pipeline_pb2.TrainEvalPipelineConfig()
        text_format.Merge(path.read_text(encoding="utf-8"), message)
        golden[path.stem] = base64.b64encode(message.SerializeToString(deterministic=True)).decode()
    (fixtures / "pipelines.json").write_text(json.dumps(golden, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    print(f"{len(golden)} configurations")


main()
