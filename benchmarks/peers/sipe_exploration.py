"""SIPE's exploration in torch, as the released module computes it, float32, no gradient: a run for each line that comes in.

usage: python3 sipe_exploration.py FILE SIDE CLASSES STRUCTURE_CHANNELS PROTOTYPE_CHANNELS THREADS

FILE holds float32 raw maps [C, P], structure features [F, P] and prototype features [G, P]. Prints the seconds of each run,
and of the part up to the seeds; 'write' puts IS-CAM and seeds behind FILE (.out); 'memory' prints the growth of the
largest resident size since the start, in MiB.
"""
import resource
import sys
import time

import numpy as np
import torch
import torch.nn.functional as functional

path = sys.argv[1]
side, classes, structure_channels, prototype_channels, threads = map(int, sys.argv[2:7])
torch.set_num_threads(threads)
cells = side * side
raw = torch.from_numpy(np.fromfile(path, np.float32))
sizes = [classes * cells, structure_channels * cells, prototype_channels * cells]
maps, structure, features = (
    part.reshape(1, -1, side, side).contiguous() for part in torch.split(raw, sizes)
)


def seeds_of(activations):
    flat = structure.flatten(2)
    flat = flat / (flat.norm(dim=1, keepdim=True) + 1e-5)
    likeness = functional.relu(torch.matmul(flat.transpose(1, 2), flat)).unsqueeze(1)
    # Every class's activations against every cell's likenesses, side by side: [1, K, P, P].
    activations = activations.flatten(2).unsqueeze(2)
    both = (likeness * activations).sum(-1)
    either = likeness.sum(-1) + activations.sum(-1) - both
    overlap = both / either
    overlap[:, 0] *= 0.5
    winner = overlap.argmax(dim=1, keepdim=True)
    return torch.zeros_like(overlap).scatter_(1, winner, 1).reshape(1, -1, side, side), winner


def explore():
    started = time.perf_counter()
    positive = functional.relu(maps)
    positive = positive / (positive.amax((2, 3), keepdim=True) + 1e-5)
    activations = torch.cat([1 - positive.amax(1, keepdim=True), positive], 1)
    seeds, winner = seeds_of(activations)
    located = time.perf_counter()
    # [1, K, G, h, w], averaged over the cells.
    prototypes = (seeds.unsqueeze(2) * features.unsqueeze(1)).flatten(3).mean(-1)
    likeness = functional.cosine_similarity(features.unsqueeze(1), prototypes[..., None, None], dim=2)
    result = functional.relu(likeness)
    ended = time.perf_counter()
    return result, winner, ended - started, located - started


def resident():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


with torch.no_grad():
    base = resident()
    print("ready", torch.__version__, torch.get_num_threads(), flush=True)
    for line in sys.stdin:
        if line.strip() == "memory":
            print(resident() - base, flush=True)
            continue
        result, winner, seconds, located = explore()
        print(seconds, located, flush=True)
        if line.strip() == "write":
            with open(path + ".out", "wb") as file:
                file.write(result.numpy().tobytes())
                file.write(winner.numpy().astype(np.int32).tobytes())
            print("written", flush=True)
