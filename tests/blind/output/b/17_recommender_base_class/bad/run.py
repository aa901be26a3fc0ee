import torch
from torch.utils.data import DataLoader, TensorDataset, random_split

from models import NeuralMF
from trainer import ClickTrainer

N_USERS, N_ITEMS, N_CLICKS = 500, 300, 20000


def simulated_clicks():
    taste = torch.randn(N_USERS, 8)
    kind = torch.randn(N_ITEMS, 8)
    users = torch.randint(N_USERS, (N_CLICKS,))
    chance = torch.softmax(taste[users] @ kind.T, dim=-1)
    return TensorDataset(users, torch.multinomial(chance, 1).squeeze(1))


if __name__ == "__main__":
    torch.manual_seed(2)
    train_set, valid_set = random_split(simulated_clicks(), [0.9, 0.1])
    train_loader = DataLoader(train_set, batch_size=256, shuffle=True)
    valid_loader = DataLoader(valid_set, batch_size=500)

    trainer = ClickTrainer(NeuralMF(N_USERS, N_ITEMS), N_ITEMS)
    for epoch in range(12):
        loss = trainer.train_epoch(train_loader)
        print(f"epoch {epoch:2d}  loss {loss:.4f}  pairs {trainer.pairwise_accuracy(valid_loader):.3f}")
