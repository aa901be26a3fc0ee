import json
from pathlib import Path

import torch
from torch.utils.data import DataLoader, TensorDataset

from melnet import MelNet
from trainer import Trainer


def read_config():
    with Path(__file__).with_name("settings.json").open() as handle:
        return json.load(handle)


def make_set(clips, genres):
    return TensorDataset(torch.randn(clips, 1, 64, 96), torch.randint(0, genres, (clips,)))


def main():
    config = read_config()
    torch.manual_seed(config["seed"])
    genres = config["arch"]["genres"]
    size = config["loader"]["batch_size"]
    train_loader = DataLoader(make_set(1600, genres), batch_size=size, shuffle=True)
    valid_loader = DataLoader(make_set(320, genres), batch_size=size)
    Trainer(MelNet(**config["arch"]), config, train_loader, valid_loader).train()


if __name__ == "__main__":
    main()
