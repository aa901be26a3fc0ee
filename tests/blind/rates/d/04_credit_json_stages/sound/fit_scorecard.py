import json
from pathlib import Path

import pandas as pd
import torch
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

HERE = Path(__file__).resolve().parent
TARGET = "default_next_month"


def load_split():
    df = pd.read_csv(HERE / "data" / "credit.csv").dropna()
    x = df.drop(columns=[TARGET]).to_numpy("float32")
    y = df[TARGET].to_numpy("float32")
    x_tr, x_va, y_tr, y_va = train_test_split(x, y, test_size=0.2, stratify=y, random_state=3)
    scaler = StandardScaler().fit(x_tr)
    tensors = [torch.from_numpy(a) for a in (scaler.transform(x_tr), y_tr, scaler.transform(x_va), y_va)]
    return TensorDataset(*tensors[:2]), TensorDataset(*tensors[2:])


def scorecard(n_features):
    return nn.Sequential(
        nn.Linear(n_features, 64), nn.BatchNorm1d(64), nn.ReLU(), nn.Dropout(0.2),
        nn.Linear(64, 32), nn.BatchNorm1d(32), nn.ReLU(), nn.Dropout(0.2),
        nn.Linear(32, 1),
    )


def run_epoch(model, loader, criterion, optimizer):
    model.train()
    for x, y in loader:
        optimizer.zero_grad(set_to_none=True)
        loss = criterion(model(x).squeeze(1), y)
        loss.backward()
        optimizer.step()


@torch.no_grad()
def auc(model, dataset):
    model.eval()
    x, y = dataset.tensors
    return roc_auc_score(y.numpy(), torch.sigmoid(model(x).squeeze(1)).numpy())


def main():
    torch.manual_seed(3)
    train_set, valid_set = load_split()
    loader = DataLoader(train_set, batch_size=256, shuffle=True, drop_last=True)
    model = scorecard(train_set.tensors[0].shape[1])
    criterion = nn.BCEWithLogitsLoss()

    stages = json.loads((HERE / "schedule.json").read_text())
    optimizer = torch.optim.AdamW(model.parameters(), lr=stages[0]["lr"], weight_decay=1e-2)
    for stage in stages:
        for group in optimizer.param_groups:
            group["lr"] = stage["lr"]
        for _ in range(stage["epochs"]):
            run_epoch(model, loader, criterion, optimizer)
        print(stage["name"], f"AUC {auc(model, valid_set):.4f}")
    torch.save(model.state_dict(), HERE / "scorecard.pt")


if __name__ == "__main__":
    main()
