import torch
from torch.utils.data import DataLoader, TensorDataset, random_split

from config import Config
from engine import Engine
from nets import LesionNet


def main() -> None:
    torch.manual_seed(11)
    cfg = Config()
    images = torch.randn(800, 3, 64, 64)
    labels = torch.randint(0, len(cfg.classes), (800,))
    train, valid = random_split(TensorDataset(images, labels), [640, 160])

    model = LesionNet(len(cfg.classes), cfg.width)
    Engine(model, cfg.optim).fit(
        DataLoader(train, batch_size=cfg.batch_size, shuffle=True),
        DataLoader(valid, batch_size=cfg.batch_size),
    )


if __name__ == "__main__":
    main()
