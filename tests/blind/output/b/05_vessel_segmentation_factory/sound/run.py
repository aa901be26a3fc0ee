import torch
from torch.utils.data import DataLoader, TensorDataset

from vessels import TinyUNet, make_criterion, soft_dice

CONFIG = {
    "net": {"base": 16},
    "loss": {"pixel": "bce_logits", "dice_weight": 0.4},
    "optim": {"lr": 1e-3, "weight_decay": 1e-2},
    "epochs": 8,
}


def load_patches(n, seed):
    g = torch.Generator().manual_seed(seed)
    fundus = torch.randn(n, 3, 64, 64, generator=g)
    vessels = (torch.rand(n, 1, 64, 64, generator=g) < 0.1).float()
    return TensorDataset(fundus, vessels)


def run(config):
    torch.manual_seed(0)
    train = DataLoader(load_patches(256, seed=1), batch_size=16, shuffle=True)
    valid = DataLoader(load_patches(64, seed=2), batch_size=16)

    net = TinyUNet(**config["net"])
    criterion = make_criterion(**config["loss"])
    optimizer = torch.optim.AdamW(net.parameters(), **config["optim"])

    for epoch in range(config["epochs"]):
        net.train()
        for fundus, mask in train:
            optimizer.zero_grad()
            loss = criterion(net(fundus), mask)
            loss.backward()
            optimizer.step()

        net.eval()
        overlap = 0.0
        with torch.no_grad():
            for fundus, mask in valid:
                hard = (net(fundus).sigmoid() > 0.5).float()
                overlap += 1 - soft_dice(hard, mask).item()
        print(f"epoch {epoch} dice {overlap / len(valid):.3f}")


if __name__ == "__main__":
    run(CONFIG)
