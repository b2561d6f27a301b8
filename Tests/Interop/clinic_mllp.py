"""HL7's minimal lower layer protocol with python-hl7 at the other end, in both directions.

    python clinic_mllp.py swift test --skip-build --filter MLLPInteropTests

Starts python-hl7's server, runs the command, which sends it 200 messages, and sends 200 messages to the server that the command starts.
Needs the package hl7.
"""

import asyncio
import os
import pathlib
import sys
import tempfile

import hl7
from hl7.mllp import open_hl7_connection, start_hl7_server

COUNT = 200


async def answer(reader, writer, identifiers):
    try:
        while not writer.is_closing():
            message = await reader.readmessage()
            identifiers.append(str(message["MSH"][0][10]))
            writer.writemessage(message.create_ack())
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    finally:
        writer.close()


async def send(folder):
    port_file = folder / "port.txt"
    for _ in range(1200):
        if port_file.exists():
            break
        await asyncio.sleep(0.05)
    reader, writer = await open_hl7_connection("127.0.0.1", int(port_file.read_text()), encoding="utf-8")
    answered = 0
    for number in range(COUNT):
        writer.writemessage(hl7.parse(
            f"MSH|^~\\&|RIS|H|PLEURA|RAD|20260301070809||ORM^O01|PY{number}|P|2.5.1\rNTE|1||{'ä' * number}\r"))
        await writer.drain()
        reply = await reader.readmessage()
        answered += str(reply["MSA"][0][2]) == f"PY{number}"
    writer.close()
    return answered


async def main(command):
    identifiers = []
    with tempfile.TemporaryDirectory(prefix="pleura-mllp-") as name:
        server = await start_hl7_server(lambda reader, writer: answer(reader, writer, identifiers), host="127.0.0.1", port=0, encoding="utf-8")
        port = server.sockets[0].getsockname()[1]
        sending = asyncio.create_task(send(pathlib.Path(name)))
        environment = dict(os.environ, PLEURA_MLLP_PORT=str(port), PLEURA_MLLP_FOLDER=name)
        process = await asyncio.create_subprocess_exec(*command, env=environment)
        status = await process.wait()
        if not sending.done() and status:
            sending.cancel()
        try:
            answered = await sending
        except asyncio.CancelledError:
            answered = 0
        server.close()
    faults = []
    if status:
        faults.append(f"the command failed with {status}")
    if identifiers != [f"ID{number}" for number in range(COUNT)]:
        faults.append(f"python-hl7 got {len(identifiers)} messages")
    if answered != COUNT:
        faults.append(f"python-hl7 was answered {answered} times")
    print(f"{len(identifiers)} messages to python-hl7, {answered} from it, {len(faults)} faults")
    print(*faults, sep="\n", end="\n" if faults else "")
    return 1 if faults else 0


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    sys.exit(asyncio.run(main(sys.argv[1:])))
