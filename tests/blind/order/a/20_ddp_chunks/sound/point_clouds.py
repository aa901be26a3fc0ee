"""Shape classification on point clouds. torchrun --nproc_per_node=4 point_clouds.py"""
import os
from contextlib import nullcontext

import torch
import torch.distributed as dist
import torch.nn.functional as F
from torch import nn
from torch.nn.parallel import DistributedDataParallel
from torch.utils.data import DataLoader, DistributedSampler, TensorDataset

SHAPES = 3
CHUNKS = 4


class PointNet(nn.Module):
    def __init__(self, width=64):
        super().__init__()
        self.each = nn.Sequential(
            nn.Linear(3, width), nn.LayerNorm(width), nn.ReLU(),
            nn.Linear(width, 2 * width), nn.LayerNorm(2 * width), nn.ReLU(),
        )
        self.whole = nn.Sequential(nn.Linear(2 * width, width), nn.ReLU(), nn.Dropout(0.3), nn.Linear(width, SHAPES))

    def forward(self, cloud):
        return self.whole(self.each(cloud).amax(dim=1))


def clouds(n, seed, points=256):
    g = torch.Generator().manual_seed(seed)
    kind = torch.randint(SHAPES, (n,), generator=g)
    xyz = torch.randn(n, points, 3, generator=g)
    ball = F.normalize(xyz, dim=-1)
    box = xyz.clamp(-1, 1)
    stick = xyz * torch.tensor([1.0, 0.2, 0.2])
    chosen = torch.stack([ball, box, stick], dim=1)[torch.arange(n), kind]
    return TensorDataset(chosen, kind)


def train_batch(ddp, optimizer, cloud, kind):
    optimizer.zero_grad(set_to_none=True)
    pieces = list(zip(cloud.chunk(CHUNKS), kind.chunk(CHUNKS)))
    value = 0.0
    for i, (some_clouds, some_kinds) in enumerate(pieces, start=1):
        with nullcontext() if i == len(pieces) else ddp.no_sync():
            loss = F.cross_entropy(ddp(some_clouds), some_kinds, reduction="sum") / kind.numel()
            loss.backward()
        value += loss.item()
    optimizer.step()
    return value


@torch.no_grad()
def accuracy(net, loader, device):
    net.eval()
    right = [(net(cloud.to(device)).argmax(dim=1).cpu() == kind).float() for cloud, kind in loader]
    return torch.cat(right).mean().item()


def main():
    dist.init_process_group("nccl")
    rank = int(os.environ["LOCAL_RANK"])
    device = torch.device("cuda", rank)
    torch.cuda.set_device(device)
    torch.manual_seed(0)

    train_set = clouds(6400, seed=1)
    sampler = DistributedSampler(train_set, shuffle=True)
    train = DataLoader(train_set, batch_size=64, sampler=sampler, drop_last=True)
    val = DataLoader(clouds(600, seed=2), batch_size=100)
    ddp = DistributedDataParallel(PointNet().to(device), device_ids=[rank])
    optimizer = torch.optim.AdamW(ddp.parameters(), lr=1e-3, weight_decay=1e-2)

    for epoch in range(15):
        sampler.set_epoch(epoch)
        ddp.train()
        values = [train_batch(ddp, optimizer, cloud.to(device), kind.to(device)) for cloud, kind in train]
        if rank == 0:
            print(f"{epoch}: loss {sum(values) / len(values):.4f} val {accuracy(ddp.module, val, device):.3f}")
        dist.barrier()
    dist.destroy_process_group()


if __name__ == "__main__":
    main()
