import json
from pathlib import Path

import lightning as L
import numpy as np
import torch
from lightning.pytorch.callbacks import EarlyStopping, ModelCheckpoint
from torch.utils.data import DataLoader, TensorDataset

from lit_detector import LitDetector

HERE = Path(__file__).parent


def read_params():
    with open(HERE / "best_trial.json") as f:
        return json.load(f)["params"]


def loaders(batch_size):
    train = np.load(HERE / "scada_train.npy").astype(np.float32)
    valid = np.load(HERE / "scada_valid.npy").astype(np.float32)
    mean, std = train.mean(0), train.std(0) + 1e-6
    sets = [TensorDataset(torch.from_numpy((part - mean) / std)) for part in (train, valid)]
    return train.shape[1], DataLoader(sets[0], batch_size, shuffle=True), DataLoader(sets[1], 1024)


def main():
    params = read_params()
    n_features, train, valid = loaders(params["batch_size"])
    model = LitDetector(n_features, width=params["width"], code=params["code"], lr=10 ** params["log10_lr"])
    trainer = L.Trainer(
        max_epochs=100,
        callbacks=[EarlyStopping(monitor="val_loss", mode="min", patience=8), ModelCheckpoint(monitor="val_loss", mode="min")],
    )
    trainer.fit(model, train, valid)


if __name__ == "__main__":
    main()
