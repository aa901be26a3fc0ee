import torch
import torch.nn.functional as F

from config import Config
from data import loaders
from network import cover_net, parameter_groups


@torch.no_grad()
def accuracy(model, loader):
    model.eval()
    hits = sum((model(x).argmax(dim=1) == y).sum().item() for x, y in loader)
    return hits / len(loader.dataset)


def train(config: Config):
    torch.manual_seed(5)
    train_loader, test_loader = loaders(config.batch_size)
    model = cover_net(config)
    optimizer = torch.optim.Adam(parameter_groups(model, config.lr), lr=config.lr)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=config.epochs)

    for epoch in range(config.epochs):
        model.train()
        for x, y in train_loader:
            optimizer.zero_grad(set_to_none=True)
            F.cross_entropy(model(x), y).backward()  # expect: missing-dropout
            optimizer.step()
        schedule.step()
        if epoch % 10 == 9:
            print(f"epoch {epoch + 1:3d}  accuracy {accuracy(model, test_loader):.4f}")
    return model


if __name__ == "__main__":
    torch.save(train(Config()).state_dict(), "cover.pt")
