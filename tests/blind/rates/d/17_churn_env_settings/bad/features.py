import pandas as pd
import torch
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler
from torch.utils.data import TensorDataset

NUMERIC = ["tenure", "monthly_charges", "total_charges", "calls", "complaints", "discount"]


def load(path):
    frame = pd.read_csv(path).dropna(subset=NUMERIC + ["churned"])
    x = frame[NUMERIC].to_numpy("float32")
    y = frame["churned"].to_numpy("float32")
    x_train, x_val, y_train, y_val = train_test_split(x, y, test_size=0.2, stratify=y, random_state=0)
    scaler = StandardScaler().fit(x_train)

    def pack(inputs, labels):
        return TensorDataset(torch.from_numpy(scaler.transform(inputs)), torch.from_numpy(labels))

    return pack(x_train, y_train), pack(x_val, y_val)
