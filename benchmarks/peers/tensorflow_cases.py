"""What src/backend/tensorflow.ts computes, in torch: a case for each line that comes in, its seconds for each that goes
out. Cases: "conv DILATION" (3x3, 64 to 64 channels, 128 x 128, forward and both gradients), "resnet50" (a training step).

usage: python3 tensorflow_cases.py THREADS SIZE BATCH CLASSES
"""
import sys
import time

import torch
import torchvision

threads, size, batch, classes = map(int, sys.argv[1:5])
torch.set_num_threads(threads)
torch.manual_seed(1)
LAST = {"memory_format": torch.channels_last}


def convolution(dilation):
    x = torch.randn(1, 64, 128, 128).to(**LAST).requires_grad_()
    weight = torch.randn(64, 64, 3, 3).to(**LAST).requires_grad_()
    dy = torch.randn(1, 64, 128, 128).to(**LAST)

    def run():
        x.grad = weight.grad = None
        torch.nn.functional.conv2d(x, weight, padding=dilation, dilation=dilation).backward(dy)

    return run


def resnet50():
    network = torchvision.models.resnet50(num_classes=classes, replace_stride_with_dilation=[False, False, True])
    network.eval()  # batch norm on its running statistics, as on the other side
    for module in network.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.requires_grad_(False)
    network = network.to(**LAST)
    parameters = [p for p in network.parameters() if p.requires_grad]
    images = torch.randn(batch, 3, size, size).to(**LAST)
    labels = (torch.rand(batch, classes) < 0.2).float()

    def run():
        for p in parameters:
            p.grad = None
        loss = torch.nn.functional.binary_cross_entropy_with_logits(network(images), labels)
        loss.backward()
        with torch.no_grad():
            for p in parameters:
                p -= 1e-3 * p.grad
        loss.item()

    return run


cases = {"conv 1": convolution(1), "conv 2": convolution(2), "resnet50": resnet50()}
print("ready", torch.__version__, flush=True)
for line in sys.stdin:
    start = time.perf_counter()
    cases[line.strip()]()
    print(time.perf_counter() - start, flush=True)
