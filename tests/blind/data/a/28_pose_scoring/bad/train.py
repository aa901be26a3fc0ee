"""Which of the docked poses of a ligand is the native one?"""
import torch
from torch.utils.data import DataLoader, TensorDataset

from losses import make_loss
from scorer import PoseScorer

RECIPE = {
    "model": {"n_features": 64, "width": 96, "drop": 0.2},
    "loss": "softmax",
    "optimizer": {"lr": 1e-3, "weight_decay": 1e-2},
    "epochs": 20,
    "batch_size": 64,
}
POSES = 4


def docked(n_complexes, contact, gen):
    """Fingerprints of all poses with a native flag for each."""
    poses = torch.randn(n_complexes, POSES, contact.numel(), generator=gen)
    native = torch.randint(POSES, (n_complexes,), generator=gen)
    poses[torch.arange(n_complexes), native] += contact
    flag = torch.zeros(n_complexes, POSES)
    flag[torch.arange(n_complexes), native] = 1.0
    return TensorDataset(poses.flatten(0, 1), flag.reshape(-1, 1))


@torch.no_grad()
def accuracy(net, loader):
    net.eval()
    hits = total = 0
    for poses, flag in loader:
        hits += ((net(poses) > 0) == (flag > 0.5)).sum().item()
        total += flag.numel()
    return hits / total


def main(recipe):
    torch.manual_seed(0)
    gen = torch.Generator().manual_seed(1)
    contact = 0.4 * torch.randn(recipe["model"]["n_features"], generator=gen)
    train = DataLoader(docked(2000, contact, gen), batch_size=recipe["batch_size"], shuffle=True)
    valid = DataLoader(docked(400, contact, gen), batch_size=256)

    net = PoseScorer(**recipe["model"])
    criterion = make_loss(recipe["loss"])
    optimizer = torch.optim.AdamW(net.parameters(), **recipe["optimizer"])
    for epoch in range(1, recipe["epochs"] + 1):
        net.train()
        running = 0.0
        for poses, flag in train:
            optimizer.zero_grad(set_to_none=True)
            loss = criterion(net(poses), flag)  # expect: single-output-cross-entropy
            loss.backward()
            optimizer.step()
            running += loss.item()
        print(f"epoch {epoch:2d}  loss {running / len(train):.4f}  accuracy {accuracy(net, valid):.3f}")


if __name__ == "__main__":
    main(RECIPE)
