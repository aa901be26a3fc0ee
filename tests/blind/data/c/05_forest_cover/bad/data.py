"""Forest cover from cartographic variables (US Geological Survey)."""
import torch
from sklearn.datasets import fetch_covtype
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler
from torch.utils.data import DataLoader, TensorDataset


def tensors(features, cover):
    return TensorDataset(
        torch.as_tensor(features, dtype=torch.float32),
        torch.as_tensor(cover - 1, dtype=torch.int64),
    )


def loaders(batch_size):
    features, cover = fetch_covtype(return_X_y=True)
    x_train, x_test, y_train, y_test = train_test_split(
        features, cover, train_size=20_000, test_size=10_000, stratify=cover, random_state=5
    )
    scaler = StandardScaler().fit(x_train)
    train = tensors(scaler.transform(x_train), y_train)
    test = tensors(scaler.transform(x_test), y_test)
    return (
        DataLoader(train, batch_size=batch_size, shuffle=True),
        DataLoader(test, batch_size=4 * batch_size),
    )
