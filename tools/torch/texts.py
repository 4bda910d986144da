"""Runs texts of PyTorch on as many processes as they have ranks, with gloo. Loads PyTorch once: each rank is a fork.

stdin: {"jobs": [{"worldSize": 2, "source": a whole file} or {"worldSize": 2, "cases": [...]}], "folder": for answers}
stdout: [of each job: [of each rank: {"error": null or a traceback, "outputs": of each case: of each pass: base64}]]
"""

import base64
import json
import os
import socket
import sys
import traceback

import numpy
import torch
import torch.distributed as dist


def main():
    asked = json.load(sys.stdin)
    json.dump([run(job, f"{asked['folder']}/{i}") for i, job in enumerate(asked["jobs"])], sys.stdout)


def run(job, path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    ranks = range(job["worldSize"])
    for child in [fork(job, rank, port, f"{path}-{rank}.json") for rank in ranks]:
        os.waitpid(child, 0)
    return [json.load(open(f"{path}-{rank}.json")) for rank in ranks]


def fork(job, rank, port, path):
    child = os.fork()
    if child != 0:
        return child
    os.environ.update(RANK=str(rank), WORLD_SIZE=str(job["worldSize"]))
    os.environ.update(MASTER_ADDR="127.0.0.1", MASTER_PORT=str(port))
    answer = {"error": None, "outputs": []}
    try:
        if "source" in job:
            exec(compile(job["source"], "source", "exec"), {})
        else:
            dist.init_process_group("gloo")
            answer["outputs"] = [outputs(case, rank) for case in job["cases"]]
    except BaseException:
        answer["error"] = traceback.format_exc()
    json.dump(answer, open(path, "w"))
    os._exit(0)


def outputs(case, rank):
    weights = {name: tensor(one) for name, one in case["weights"].items()}
    kept, past, found = {}, 0, []
    for one in case["passes"]:
        names = {}
        exec(compile(one["source"], case["name"], "exec"), names)
        layer = names[one["class"]](weights)
        layer.__dict__.update(kept)
        y = layer(*(tensor(given) for given in one["inputs"][rank]), **({"position": past} if past > 0 else {}))
        kept = {name: value for name, value in vars(layer).items() if name.endswith("cache")}
        past += one["tokens"]
        found.append(base64.b64encode(y.contiguous().numpy().tobytes()).decode())
    return found


def tensor(one):
    if "ids" in one:
        return torch.tensor(one["ids"], dtype=torch.int64)
    data = numpy.frombuffer(base64.b64decode(one["data"]), dtype=numpy.float32)
    return torch.from_numpy(data.copy()).reshape(one["shape"])


torch.set_num_threads(1)
main()
