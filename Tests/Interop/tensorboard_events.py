"""TensorBoard's side of TensorBoardInteropTests (`make test-interop`).

    tensorboard_events.py read DIR      what TensorBoard makes of a run's folder, as JSON on standard output: by the library that scripts
                                        use (EventAccumulator), and by the server that people open (its answers to a browser), with both of
                                        its readers
    tensorboard_events.py golden        the event file of EventFileTests, in base64, by TensorBoard's own messages and framing
"""

import base64
import json
import struct
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

from tensorboard import program
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.compat.proto import event_pb2, summary_pb2
from tensorboard.summary.writer import record_writer


def by_library(folder):
    events = EventAccumulator(folder, size_guidance={"scalars": 0}).Reload()
    tags = events.Tags()
    return {
        "scalars": {tag: [[event.step, event.value] for event in events.Scalars(tag)] for tag in tags["scalars"]},
    }


def by_server(folder, fast):
    server = program.TensorBoard()
    server.configure(argv=[
        "tensorboard", "--logdir", folder, "--host", "127.0.0.1", "--port", "0", "--load_fast", "true" if fast else "false",
        "--samples_per_plugin", "scalars=100000", "--reload_interval", "1",
    ])
    address = server.launch()

    def get(path, **values):
        with urllib.request.urlopen(f"{address}data/{path}?{urllib.parse.urlencode(values)}") as answer:
            return answer.read()

    def answer(path, **values):
        return json.loads(get(path, **values))

    def reading():
        (run, tags), = answer("plugin/scalars/tags").items()
        curves = {
            tag: [[step, value] for _, step, value in answer("plugin/scalars/scalars", run=run, tag=tag)] for tag in tags
        }
        return {"scalars": curves}

    # It reads in the background, and answers with errors meanwhile: what it says three times in a row, a second apart, is all.
    last, same = None, 0
    for _ in range(60):
        time.sleep(1)
        try:
            now = reading()
        except (ValueError, KeyError, urllib.error.HTTPError):
            now = None
        same = same + 1 if now is not None and now == last else 0
        last = now
        if same == 2:
            return now
    sys.exit("the server does not come to rest")


def golden():
    def event(step, **what):
        return event_pb2.Event(wall_time=1700000000.25, step=step, **what)

    def value(**what):
        return summary_pb2.Summary.Value(**what)

    events = [
        event(0, file_version="brain.Event:2"),
        event(7, session_log=event_pb2.SessionLog(status=event_pb2.SessionLog.START)),
        event(7, summary=summary_pb2.Summary(value=[value(tag="loss", simple_value=0.1), value(tag="a/b", simple_value=-3)])),
    ]

    class Bytes:
        def __init__(self):
            self.bytes = b""

        def write(self, more):
            self.bytes += more

    file = Bytes()
    for one in events:
        record_writer.RecordWriter(file).write(one.SerializeToString(deterministic=True))
    return base64.b64encode(file.bytes).decode()


if __name__ == "__main__":
    if sys.argv[1:] == ["golden"]:
        print(golden())
    elif len(sys.argv) == 3 and sys.argv[1] == "read":
        folder = sys.argv[2]
        result = {"library": by_library(folder), "server": by_server(folder, fast=False), "fastServer": by_server(folder, fast=True)}
        print("RESULT" + json.dumps(result))
    else:
        sys.exit(__doc__)
