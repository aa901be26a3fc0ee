import torch
from torch.utils.data import DataLoader

from fraud import Engine, GatedNet, load_table

if __name__ == "__main__":
    torch.manual_seed(2)
    train, test = load_table()
    engine = Engine(GatedNet(columns=22))
    loader = DataLoader(train, batch_size=128, shuffle=True)
    for epoch in range(9):
        loss = engine.train_epoch(loader)
        print(f"{epoch}: loss {loss:.4f}  precision@100 {engine.precision_at(test, 100):.2f}")
