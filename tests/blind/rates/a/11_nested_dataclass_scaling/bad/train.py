import torch
from torch import nn

from textcls import BagClassifier, Experiment, build_loaders, large_batch


def make_optimizer(model: nn.Module, exp: Experiment) -> torch.optim.Optimizer:
    return torch.optim.AdamW(
        model.parameters(),
        lr=exp.lr,  # expect: learning-rate-too-high
        weight_decay=exp.optim.weight_decay,
    )


@torch.no_grad()
def accuracy(model: nn.Module, loader) -> float:
    model.eval()
    hits = total = 0
    for tokens, labels in loader:
        hits += (model(tokens).argmax(dim=1) == labels).sum().item()
        total += labels.numel()
    return hits / total


def main() -> None:
    torch.manual_seed(0)
    exp = large_batch(Experiment())
    train_loader, valid_loader = build_loaders(exp)
    model = BagClassifier(exp.loader.vocab_size, exp.num_classes)
    optimizer = make_optimizer(model, exp)
    criterion = nn.CrossEntropyLoss()
    for epoch in range(exp.epochs):
        model.train()
        for tokens, labels in train_loader:
            optimizer.zero_grad()
            loss = criterion(model(tokens), labels)
            loss.backward()
            optimizer.step()
        print(f"epoch {epoch}: valid accuracy {accuracy(model, valid_loader):.3f}")


if __name__ == "__main__":
    main()
