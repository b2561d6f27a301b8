"""Pleura's training beside the same networks in PyTorch and torchvision, in turns: `make bench-train`.

    training.py BENCH_TRAIN PLEURA [--networks ...] [--precisions bf16 f32] [--rounds 5] [--steps 20] [--threads 2]
    training.py BENCH_TRAIN PLEURA --memory [--steps 1000]

Both learn from the same phantoms (`pleura phantom`), drawn for the run, with the same batch, threads, precision and PyTorch version, and
with as many multiplications to the percent. The peer (Benchmarks/training_peer.py) first tries both layouts and 0, 1 and 2 loader
processes, and keeps what was fastest. Then each round runs one process of either, in alternating order; timed are the steps after a
warm-up, with the loading of the data. Ratios are Pleura's images a second over the peer's in the same round, and the peer's processor
time over Pleura's: above 1, Pleura is better.

Swift's overhead is what the steps took over the time that their thread spent in LibTorch, and `all` adds waiting for batches and the
run's record.

Ends with 1 where the median ratio of images a second is below 1 or the overhead is 3% or more. With `--memory`: where a training of 1,000
steps holds more memory in its second half than in its first, from the first checkpoint (step 100) on.
"""

import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

PEER = pathlib.Path(__file__).resolve().parent / "training_peer.py"
# What makes a training small, for many steps.
SMALL = {
    "ssdlite-mobilenet": ["model.input_side=128", "loop.batch_size=2"],
    "retina-resnet18": ["model.input_side=256", "model.channels=32", "loop.batch_size=1"],
}


class Bench:
    def __init__(self, asked, folder):
        self.asked = asked
        self.folder = folder
        self.data = os.path.join(folder, "phantoms")
        self.runs = 0
        subprocess.run([asked.pleura, "phantom", "--count", str(asked.images), "--out", self.data], check=True, capture_output=True)

    def ours(self, network, warm_up, steps, sampling=0, settings=()):
        self.runs += 1
        run = os.path.join(self.folder, f"run-{self.runs}")
        return answer([self.asked.program, self.data, run, network, str(warm_up), str(steps), str(sampling),
                       f"loop.threads={self.asked.threads}", *settings])

    def pleura(self, network, precision):
        return self.ours(network, self.asked.warm_up, self.asked.steps, settings=[f"loop.precision={precision}", *self.asked.set])

    def peer(self, network, precision, channels_last, workers, warm_up=None, steps=None):
        return answer([
            sys.executable, "-B", str(PEER), self.data, network, "--precision", precision, "--threads", str(self.asked.threads),
            "--workers", str(workers), "--warm-up", str(warm_up or self.asked.warm_up), "--steps", str(steps or self.asked.steps),
            *(["--channels-last"] if channels_last else []), *(["--decode"] if self.asked.peer_decodes else [])])

    def settled(self, network, precision):
        """The peer's best layout, and with it the best number of loader processes, of trials in turns."""
        def speeds(ways):
            best = dict.fromkeys(ways, 0)
            for _ in range(self.asked.trials):
                for way in ways:
                    said = self.peer(network, precision, *way, warm_up=3, steps=self.asked.trial_steps)
                    best[way] = max(best[way], said["images"] / said["seconds"])
            return best

        tried = speeds([(False, 1), (True, 1)])
        channels_last = max(tried, key=tried.get)[0]
        tried |= speeds([(channels_last, 0), (channels_last, 2)])
        said = [f"channels {'last' if last else 'first'} with {count} loader processes {rate:.2f}" for (last, count), rate in tried.items()]
        print(f"  peer's trials, images/s: {', '.join(said)}", flush=True)
        return max(tried, key=tried.get)

    def compare(self, network, precision):
        print(f"{network}, {precision}:", flush=True)
        channels_last, workers = self.settled(network, precision) if self.asked.peer is None else self.asked.peer
        rows = []
        for number in range(self.asked.rounds):
            turns = [("ours", lambda: self.pleura(network, precision)),
                     ("theirs", lambda: self.peer(network, precision, channels_last, workers))]
            said = {name: run() for name, run in (turns if number % 2 == 0 else turns[::-1])}
            ours, theirs = said["ours"], said["theirs"]
            difference = abs(ours["multiplications"] / theirs["multiplications"] - 1)
            assert difference < 0.01, (network, ours["multiplications"], theirs["multiplications"])
            assert ours["engine"].split()[1] == theirs["engine"].split()[1].partition("+")[0], (ours["engine"], theirs["engine"])
            assert ours["images"] == theirs["images"]
            rows.append({
                "ours": ours["images"] / ours["seconds"], "theirs": theirs["images"] / theirs["seconds"],
                "ratio": theirs["seconds"] / ours["seconds"],
                "processor": theirs["processor_seconds"] / ours["processor_seconds"],
                "overhead": ours["step_seconds"] / ours["engine_seconds"] - 1,
                "all": ours["seconds"] / ours["engine_seconds"] - 1,
            })
            row = rows[-1]
            print(f"  round {number + 1}: {row['ours']:.2f} and {row['theirs']:.2f} images/s, ratio {row['ratio']:.3f}, of processor"
                  f" time {row['processor']:.3f}; overhead {row['overhead']:.2%}, all {row['all']:.2%}", flush=True)
        median = {key: statistics.median(row[key] for row in rows) for key in rows[0]}
        print(f"  median: {median['ours']:.2f} and {median['theirs']:.2f} images/s, ratio {median['ratio']:.3f}, of processor time"
              f" {median['processor']:.3f}; overhead {median['overhead']:.2%}, all {median['all']:.2%};"
              f" {ours['multiplications'] / 1e9:.3f} and {theirs['multiplications'] / 1e9:.3f} G multiplications;"
              f" {ours['engine']} and {theirs['engine']}, channels {'last' if channels_last else 'first'}, {workers} loader processes",
              flush=True)
        return median["ratio"] >= 1 and median["overhead"] < 0.03

    def watch_memory(self, network):
        warm_up = 100
        said = self.ours(network, warm_up, self.asked.steps - warm_up, sampling=50, settings=SMALL[network] + self.asked.set)
        # The first checkpoint is written after the warm-up's last step; what it takes is kept for the next ones.
        steps, values = zip(*(sample for sample in said["memory"] if sample[0] > warm_up))
        values = [value / 2**20 for value in values]
        slope = statistics.linear_regression(steps, values).slope
        print("  " + " ".join(f"{value:.0f}" for value in values))
        # What the samples say of each half; single ones go up and down with the batch.
        half = len(values) // 2
        growth = statistics.mean(values[half:]) - statistics.mean(values[:half])
        print(f"{network}, {self.asked.steps} steps ({' '.join(SMALL[network])}): resident {values[0]:.1f} MiB after {steps[0]} steps,"
              f" {values[-1]:.1f} at the end, {min(values):.1f} to {max(values):.1f} between; slope {1000 * slope:+.2f} MiB in 1,000 steps;"
              f" second half {growth:+.2f} MiB over the first; peak {said['peak_bytes'] / 2**20:.1f}", flush=True)
        return growth < 0.01 * values[0]


def way(text):
    layout, workers = text.split(",")
    return {"first": False, "last": True}[layout], int(workers)


def answer(command):
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True)
    if done.returncode:
        sys.exit(f"{os.path.basename(command[0])} ended with {done.returncode}")
    return json.loads(done.stdout.strip().splitlines()[-1])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("pleura")
    parser.add_argument("--networks", nargs="+", choices=SMALL, default=list(SMALL))
    parser.add_argument("--precisions", nargs="+", choices=["bf16", "f32"], default=["bf16", "f32"])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--warm-up", type=int, default=5)
    parser.add_argument("--steps", type=int)
    parser.add_argument("--trial-steps", type=int, default=6, help="timed steps of each of the peer's trials")
    parser.add_argument("--trials", type=int, default=2, help="of each of the peer's ways; the best counts")
    parser.add_argument("--peer", type=way, metavar="first|last,PROCESSES", help="no trials: the peer's layout and loader processes")
    parser.add_argument("--images", type=int, default=96)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--peer-decodes", action="store_true", help="the peer reads its pictures from their files every time")
    parser.add_argument("--set", action="append", default=[], metavar="key=value", help="a setting of our training")
    parser.add_argument("--memory", action="store_true")
    asked = parser.parse_args()
    asked.steps = asked.steps or (1000 if asked.memory else 20)

    if "avx512_bf16" not in pathlib.Path("/proc/cpuinfo").read_text() and "bf16" in asked.precisions:
        print("this processor has no instructions for bf16: f32 only")
        asked.precisions = ["f32"]
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(asked, folder)
        if asked.memory:
            good = [bench.watch_memory(network) for network in asked.networks]
        else:
            print(f"training steps, loading included: {asked.rounds} rounds of {asked.steps} steps after {asked.warm_up},"
                  f" {asked.threads} threads, {asked.images} phantoms", flush=True)
            good = [bench.compare(network, precision) for network in asked.networks for precision in asked.precisions]
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
