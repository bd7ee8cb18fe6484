"""Inference in torch, and the same networks as ONNX files.

usage: python3 inference.py FOLDER

Writes conv.onnx (3×3, 256 → 256, 4×256×32×32), resnet50.onnx (torchvision's, batch norm folded, 1×3×512×512), their
inputs and outputs as .npy, and the weights as conv.pth and resnet50.pth, all from seeds. Then runs, for each line that
comes in, the model that it names; prints the seconds that it took.
"""
import sys
import time

import numpy
import torch
import torchvision
from torch.fx.experimental.optimization import fuse

folder = sys.argv[1]
torch.set_num_threads(1)
torch.manual_seed(1)


def resnet50():
    network = torchvision.models.resnet50()
    for module in network.modules():
        if isinstance(module, torch.nn.BatchNorm2d):  # as after training: no longer 0 and 1
            module.running_mean.normal_(0, 0.1)
            module.running_var.uniform_(0.5, 1.5)
            module.weight.data.uniform_(0.5, 1)
            module.bias.data.normal_(0, 0.1)
    return network.eval()


models = {}
with torch.no_grad():
    for name, model, shape in [
        ("conv", torch.nn.Conv2d(256, 256, 3, padding=1, bias=False).eval(), (4, 256, 32, 32)),
        ("resnet50", resnet50(), (1, 3, 512, 512)),
    ]:
        x = torch.randn(*shape)
        torch.save(model.state_dict(), f"{folder}/{name}.pth")
        torch.onnx.export(model, x, f"{folder}/{name}.onnx", opset_version=13, input_names=["x"], output_names=["y"])
        numpy.save(f"{folder}/{name}.x.npy", x.numpy())
        numpy.save(f"{folder}/{name}.y.npy", model(x).numpy())
        folded = fuse(model) if name == "resnet50" else model
        last = torch.channels_last
        models[name] = (folded.to(memory_format=last), x.to(memory_format=last))
    print("ready", torch.__version__, flush=True)

    for line in sys.stdin:
        model, x = models[line.strip()]
        start = time.perf_counter()
        model(x)
        print(time.perf_counter() - start, flush=True)
