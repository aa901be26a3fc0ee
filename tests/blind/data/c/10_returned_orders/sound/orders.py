"""Orders of a shoe shop; was the parcel sent back?"""
import pandas as pd
import torch
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler
from torch.utils.data import TensorDataset

FEATURES = ["price", "discount", "items", "sizes_ordered", "days_since_last", "past_orders", "past_returns"]


def load(path):
    table = pd.read_csv(path).dropna(subset=FEATURES + ["returned"])
    train, test = train_test_split(table, test_size=0.2, random_state=8, stratify=table["returned"])
    scaler = StandardScaler().fit(train[FEATURES].to_numpy())

    def pack(part):
        inputs = torch.tensor(scaler.transform(part[FEATURES].to_numpy()), dtype=torch.float32)
        target = torch.tensor(part["returned"].to_numpy(), dtype=torch.float32).unsqueeze(1)
        return TensorDataset(inputs, target)

    return pack(train), pack(test)
