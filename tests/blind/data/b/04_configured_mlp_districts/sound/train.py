"""Median house value of Californian districts from census and position."""
import torch
import torch.nn.functional as F
from sklearn.datasets import fetch_california_housing
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler
from torch.utils.data import DataLoader, TensorDataset

from nets import make_mlp
from settings import Settings

OPTIMIZERS = {
    "adam": torch.optim.Adam,
    "adamw": torch.optim.AdamW,
    "rmsprop": torch.optim.RMSprop,
}


def load(seed):
    table = fetch_california_housing()
    x_rest, x_test, y_rest, y_test = train_test_split(
        table.data, table.target, test_size=0.2, random_state=seed
    )
    x_train, x_val, y_train, y_val = train_test_split(x_rest, y_rest, test_size=0.15, random_state=seed)
    scaler = StandardScaler().fit(x_train)

    def pack(x, y):
        return TensorDataset(
            torch.tensor(scaler.transform(x), dtype=torch.float32),
            torch.tensor(y, dtype=torch.float32),
        )

    return pack(x_train, y_train), pack(x_val, y_val), pack(x_test, y_test)


@torch.no_grad()
def rmse(model, dataset):
    model.eval()
    x, y = dataset.tensors
    return F.mse_loss(model(x).squeeze(-1), y).sqrt().item()


def main(cfg=Settings()):
    torch.manual_seed(cfg.seed)
    train_set, val_set, test_set = load(cfg.seed)
    loader = DataLoader(train_set, batch_size=cfg.train.batch_size, shuffle=True)

    model = make_mlp(train_set.tensors[0].shape[1], cfg.net)
    optimizer = OPTIMIZERS[cfg.train.optimizer](model.parameters(), lr=cfg.train.lr)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=cfg.train.epochs)

    for epoch in range(cfg.train.epochs):
        model.train()
        for x, y in loader:
            optimizer.zero_grad()
            F.mse_loss(model(x).squeeze(-1), y).backward()
            optimizer.step()
        schedule.step()
        if epoch % 10 == 9:
            print(f"epoch {epoch + 1}: validation RMSE {rmse(model, val_set):.3f}")

    print(f"test RMSE {rmse(model, test_set):.3f} (100 k$)")
    torch.save(model.state_dict(), "districts.pt")


if __name__ == "__main__":
    main()
