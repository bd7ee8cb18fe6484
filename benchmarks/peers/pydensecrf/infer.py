"""Waits for lines "folder width height classes", runs pydensecrf as PSA does, and answers with milliseconds: of the wall
clock, of the processor, and how far the memory rose above what was there before, in KiB."""
import resource
import sys
import time

import numpy as np
import pydensecrf.densecrf as densecrf
from pydensecrf.utils import unary_from_softmax


def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def present():
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[1]) * resource.getpagesize() // 1024


for line in sys.stdin:
    folder, *numbers = line.split()
    width, height, classes = map(int, numbers)
    image = np.fromfile(f"{folder}/image.bin", dtype=np.uint8).reshape(height, width, 3)
    scores = np.fromfile(f"{folder}/scores.bin", dtype=np.float32).reshape(height * width, classes)
    scores = np.ascontiguousarray(scores.T)
    memory, wall, cpu = present(), time.perf_counter(), time.process_time()
    field = densecrf.DenseCRF2D(width, height, classes)
    field.setUnaryEnergy(unary_from_softmax(scores))
    field.addPairwiseGaussian(sxy=3, compat=3)
    field.addPairwiseBilateral(sxy=80, srgb=13, rgbim=image, compat=10)
    q = np.array(field.inference(10))
    cpu, wall, memory = time.process_time() - cpu, time.perf_counter() - wall, peak() - memory
    np.ascontiguousarray(q.T).tofile(f"{folder}/q.bin")
    print(wall * 1000, cpu * 1000, memory, flush=True)
