"""Training steps in torch, one for each line that comes in; prints the seconds that each took and its loss.

usage: python3 training_step.py mobilenetV2|resnet50 SIZE BATCH CLASSES
"""
import sys
import time

import torch
import torchvision

torch.set_num_threads(1)
torch.manual_seed(1)
name, size, batch, classes = sys.argv[1], *map(int, sys.argv[2:5])


def mobilenet_v2():
    """Output stride 16 as in @wsss/networks: features.14 keeps the size, features.15 to 17 are dilated."""
    network = torchvision.models.mobilenet_v2(num_classes=classes)
    network.classifier[0] = torch.nn.Identity()  # no dropout
    network.features[14].conv[1][0].stride = (1, 1)
    for i in (15, 16, 17):
        convolution = network.features[i].conv[1][0]
        convolution.dilation = convolution.padding = (2, 2)
    return network


def resnet50():
    network = torchvision.models.resnet50(
        num_classes=classes, replace_stride_with_dilation=[False, False, True]
    )
    for module in network.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.requires_grad_(False)
    return network


network = {"mobilenetV2": mobilenet_v2, "resnet50": resnet50}[name]()
network.train()
for module in network.modules():
    if isinstance(module, torch.nn.BatchNorm2d):
        module.eval()  # running statistics, as on the other side
network = network.to(memory_format=torch.channels_last)
parameters = [p for p in network.parameters() if p.requires_grad]
images = torch.randn(batch, 3, size, size).to(memory_format=torch.channels_last)
labels = (torch.rand(batch, classes) < 0.2).float()
print("ready", torch.__version__, flush=True)

for _ in sys.stdin:
    start = time.perf_counter()
    for p in parameters:
        p.grad = None
    loss = torch.nn.functional.binary_cross_entropy_with_logits(network(images), labels)
    loss.backward()
    with torch.no_grad():
        for p in parameters:
            p -= 1e-3 * p.grad
    value = loss.item()
    print(time.perf_counter() - start, value, flush=True)
