import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from pointnet import PointNet

SPECIES = ["spruce", "pine", "beech", "oak", "birch"]


def scanned_trees(n, seed):
    """Laser-scanned stems and crowns, centred and scaled to unit spread."""
    g = torch.Generator().manual_seed(seed)
    species = torch.randint(len(SPECIES), (n,), generator=g)
    cloud = torch.randn(n, 3, 256, generator=g)
    cloud[:, 2] *= (1 + 0.3 * species.float()).unsqueeze(1)
    cloud = (cloud - cloud.mean(2, keepdim=True)) / cloud.flatten(1).std(1)[:, None, None]
    return TensorDataset(cloud, species)


def main():
    torch.manual_seed(2)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    net = PointNet().to(device)
    optimizer = torch.optim.AdamW(net.parameters(), lr=1e-3, weight_decay=1e-2)
    optimizer.add_param_group({"params": net.retarget(len(SPECIES))})

    criterion = nn.CrossEntropyLoss(label_smoothing=0.05)
    train = DataLoader(scanned_trees(1600, 0), batch_size=32, shuffle=True)
    valid = DataLoader(scanned_trees(320, 1), batch_size=64)

    for epoch in range(25):
        net.train()
        for cloud, species in train:
            optimizer.zero_grad(set_to_none=True)
            loss = criterion(net(cloud.to(device)), species.to(device))
            loss.backward()
            optimizer.step()
        hits = sum((net.classify(c.to(device)).cpu() == s).sum().item() for c, s in valid)
        print(f"{epoch:02d} {hits / len(valid.dataset):.3f}")


if __name__ == "__main__":
    main()
