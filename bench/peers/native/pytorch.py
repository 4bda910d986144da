"""
PyTorch as an entrant of bench:peers: takes orders on stdin, an object of JSON a line, and answers one a line.

    python3 pytorch.py matmul --threads 1 [--device cuda]
    python3 pytorch.py all_reduce --ranks 2 [--bind]

It first says which PyTorch it is. {"prepare": {...}} makes the operands, runs once, and answers with wrong and
maxAbsError; {"iterate": 5} answers with the milliseconds of a run.
"""

import argparse
import json
import multiprocessing
import os
import sys
import tempfile
import time

PERIOD = 256


def serve(prepare, iterate):
    """Answers until stdin ends."""
    for line in sys.stdin:
        order = json.loads(line)
        answer = iterate(order["iterate"]) if "iterate" in order else prepare(order["prepare"])
        print(json.dumps(answer), flush=True)


def version(torch):
    """With the file that does its products, if one does: a Debian may have any BLAS behind the same name."""
    with open("/proc/self/maps") as maps:
        libraries = {os.path.basename(line.split()[-1]) for line in maps if "blas" in line}
    known = sorted(name for name in libraries if name.startswith(("libopenblas", "libblas", "libmkl")))
    return ", ".join([f"PyTorch {torch.__version__}", *known])


def matmul(threads, device):
    import torch

    torch.set_num_threads(threads)
    torch.manual_seed(1)
    if device == "cuda":
        if not torch.cuda.is_available():
            sys.exit("PyTorch finds no CUDA device.")
        torch.backends.cuda.matmul.allow_tf32 = False
    held = {}

    def wait():
        if device == "cuda":
            torch.cuda.synchronize()

    def prepare(shape):
        m, k, n = shape["m"], shape["k"], shape["n"]
        x = torch.rand(m, k) * 2 - 1  # [m, k]
        w = torch.rand(n, k) * 2 - 1  # [n, k], as a linear layer has it
        held["x"], held["w"] = x.to(device), w.to(device)
        rows = sorted({0, m // 2, m - 1})
        y = torch.mm(held["x"], held["w"].t()).cpu()[rows].double()
        exact = torch.mm(x[rows].double(), w.double().t())
        magnitudes = torch.mm(x[rows].double().abs(), w.double().abs().t())
        roundoff = k * 2**-24
        error = (y - exact).abs()
        wrong = int((~(error <= roundoff / (1 - roundoff) * magnitudes)).sum())
        return {"wrong": wrong, "maxAbsError": float(error.max())}

    def iterate(runs):
        x, w = held["x"], held["w"].t()
        start = time.perf_counter()
        for _ in range(runs):
            torch.mm(x, w)
        wait()
        return {"ms": 1000 * (time.perf_counter() - start) / runs}

    print(json.dumps({"version": version(torch)}), flush=True)
    with torch.no_grad():
        serve(prepare, iterate)


def gloo_rank(rank, ranks, store, pipe, bind):
    """A rank takes the same orders from its end of a pipe. With `bind` it has a core, and its threads with it."""
    if bind:
        cores = sorted(os.sched_getaffinity(0))  # of a container perhaps not all
        os.sched_setaffinity(0, {cores[rank % len(cores)]})
    import torch
    import torch.distributed as dist

    torch.set_num_threads(1)
    dist.init_process_group("gloo", init_method=f"file://{store}", rank=rank, world_size=ranks)
    data = None
    while True:
        order = pipe.recv()
        if order is None:
            break
        if "prepare" in order:
            length = order["prepare"]["bytes"] // 4
            index = torch.arange(length)
            # Whole numbers, of which every sum is exact.
            numbers = [((index + 31 * r) % PERIOD - PERIOD // 2).float() for r in range(ranks)]
            data = numbers[rank].clone()
            dist.all_reduce(data)
            error = (data - sum(numbers)).abs()
            pipe.send({"wrong": int((error != 0).sum()), "maxAbsError": float(error.max())})
            data.zero_()  # or it would grow beyond all numbers
        else:
            dist.barrier()
            start = time.perf_counter()
            for _ in range(order["iterate"]):
                dist.all_reduce(data)
            pipe.send({"ms": 1000 * (time.perf_counter() - start) / order["iterate"]})


def all_reduce(ranks, bind):
    context = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory() as folder:
        store = os.path.join(folder, "store")
        pipes, processes = [], []
        for rank in range(ranks):
            ours, theirs = context.Pipe()
            process = context.Process(target=gloo_rank, args=(rank, ranks, store, theirs, bind), daemon=True)
            process.start()
            pipes.append(ours)
            processes.append(process)

        def ask(order):
            for pipe in pipes:
                pipe.send(order)
            answers = [pipe.recv() for pipe in pipes]
            return {key: max(answer[key] for answer in answers) for key in answers[0]}  # the slowest is the speed of all

        print(json.dumps({"version": "gloo"}), flush=True)
        serve(lambda shape: ask({"prepare": shape}), lambda runs: ask({"iterate": runs}))
        for pipe in pipes:
            pipe.send(None)
        for process in processes:
            process.join()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("what", choices=["matmul", "all_reduce"])
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--ranks", type=int, default=2)
    parser.add_argument("--bind", action="store_true")
    arguments = parser.parse_args()
    if arguments.what == "matmul":
        matmul(arguments.threads, arguments.device)
    else:
        all_reduce(arguments.ranks, arguments.bind)
