"""Training steps of the compact segmentation network in torch, one for each line that comes in; prints the seconds.

usage: python3 segmentation_step.py SIZE BATCH CLASSES
"""
import sys
import time

import torch
import torchvision
from torch import nn
from torch.nn import functional as F

torch.set_num_threads(1)
torch.manual_seed(1)
size, batch, classes = map(int, sys.argv[1:4])

features = torchvision.models.mobilenet_v2().features[:18]
features[14].conv[1][0].stride = (1, 1)
for i in (15, 16, 17):
    convolution = features[i].conv[1][0]
    convolution.dilation = convolution.padding = (2, 2)
# Batch norm folded into the convolutions, as on the other side.
features = features.eval()
for module in list(features.modules()):
    for name, child in list(module.named_children()):
        if not isinstance(child, nn.Sequential):
            continue
        layers = list(child)
        for at in range(len(layers) - 1):
            if isinstance(layers[at], nn.Conv2d) and isinstance(layers[at + 1], nn.BatchNorm2d):
                child[at] = nn.utils.fusion.fuse_conv_bn_eval(layers[at], layers[at + 1])
                child[at + 1] = nn.Identity()
for layer in features:
    if isinstance(layer, nn.Sequential) and isinstance(layer[0], nn.Conv2d) and isinstance(layer[1], nn.BatchNorm2d):
        layer[0] = nn.utils.fusion.fuse_conv_bn_eval(layer[0], layer[1])
        layer[1] = nn.Identity()
assert not any(isinstance(m, nn.BatchNorm2d) for m in features.modules())


class Head(nn.Module):
    def __init__(self, channels, width=96, groups=8, hidden=128):
        super().__init__()
        norm = lambda: nn.GroupNorm(groups, width)
        self.point = nn.Sequential(nn.Conv2d(channels, width, 1, bias=False), norm(), nn.ReLU())
        self.around = nn.ModuleList(
            nn.Sequential(
                nn.Conv2d(channels, channels, 3, padding=d, dilation=d, groups=channels, bias=False),
                nn.Conv2d(channels, width, 1, bias=False),
                norm(),
                nn.ReLU(),
            )
            for d in (3, 6)
        )
        self.image = nn.Sequential(nn.Conv2d(channels, width, 1, bias=False), norm(), nn.ReLU())
        self.fuse = nn.Sequential(nn.Conv2d(4 * width, hidden, 1), nn.ReLU(), nn.Dropout2d(0.1))
        self.classifier = nn.Conv2d(hidden, classes, 1)

    def forward(self, x):
        image = self.image(x.mean((2, 3), keepdim=True)).expand(-1, -1, *x.shape[2:])
        branches = [self.point(x), *(branch(x) for branch in self.around), image]
        return self.classifier(self.fuse(torch.cat(branches, 1)))


frozen, trained, head = features[:14], features[14:18], Head(320)
for module in (frozen, trained, head):
    module.to(memory_format=torch.channels_last)
frozen.requires_grad_(False)
optimizer = torch.optim.AdamW(
    [{"params": trained.parameters()}, {"params": head.parameters(), "lr": 1e-3}], lr=1e-4, weight_decay=1e-4
)
images = torch.randn(batch, 3, size, size).to(memory_format=torch.channels_last)
labels = torch.randint(0, classes, (batch, size, size))
print("ready", torch.__version__, flush=True)

for _ in sys.stdin:
    start = time.perf_counter()
    with torch.no_grad():
        cells = frozen(images)
    logits = head(trained(cells))
    logits = F.interpolate(logits, (size, size), mode="bilinear", align_corners=False)
    loss = F.cross_entropy(logits, labels, ignore_index=255)
    optimizer.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_([*trained.parameters(), *head.parameters()], 5)
    optimizer.step()
    print(time.perf_counter() - start, loss.item(), flush=True)
