"""The random walk as a dense matrix in torch, float32, two threads: squared log2(steps) times, then applied to the maps.

usage: python3 random_walk.py FILE HEIGHT WIDTH RADIUS BETA STEPS

FILE holds int32 (from, to) of all pairs, then float32 affinities, then float32 maps [K, N]; K and the number of pairs
come first, as two int32. One walk for each line that comes in; prints seconds, and writes the result behind FILE (.out).
"""
import sys
import time

import numpy as np
import torch

torch.set_num_threads(2)
path, (height, width, radius), beta, steps = sys.argv[1], map(int, sys.argv[2:5]), float(sys.argv[5]), int(sys.argv[6])
raw = open(path, "rb").read()
maps_count, pairs = np.frombuffer(raw, np.int32, 2)
n = height * width
at = 8
first = torch.from_numpy(np.frombuffer(raw, np.int32, pairs, at).astype(np.int64))
second = torch.from_numpy(np.frombuffer(raw, np.int32, pairs, at + 4 * pairs).astype(np.int64))
affinity = torch.from_numpy(np.frombuffer(raw, np.float32, pairs, at + 8 * pairs).copy())
maps = torch.from_numpy(np.frombuffer(raw, np.float32, maps_count * n, at + 12 * pairs).copy()).reshape(maps_count, n)


def walk():
    matrix = torch.zeros(n, n)
    matrix[first, second] = affinity
    matrix[second, first] = affinity
    matrix.fill_diagonal_(1)
    matrix = torch.pow(matrix, beta)
    matrix = matrix / matrix.sum(0, keepdim=True)
    for _ in range(int(np.log2(steps))):
        matrix = torch.matmul(matrix, matrix)
    return torch.matmul(maps, matrix)


with torch.no_grad():
    print("ready", torch.__version__, torch.get_num_threads(), flush=True)
    for line in sys.stdin:
        start = time.perf_counter()
        result = walk()
        print(time.perf_counter() - start, flush=True)
        if line.strip() == "write":
            open(path + ".out", "wb").write(result.numpy().tobytes())
            print("written", flush=True)
