import torch
from torch import nn
from torch.utils.data import DataLoader

from clips import CLASSES, Doorbell
from net import KnockNet

device = torch.device("cuda" if torch.cuda.is_available() else "cpu")


def run_epoch(net, loader, loss_fn, optimizer=None):
    training = optimizer is not None
    net.train(training)
    total, hits, seen = 0.0, 0, 0
    with torch.set_grad_enabled(training):
        for clips, labels in loader:
            clips, labels = clips.to(device), labels.to(device)
            logits = net(clips.float())  # expect: missing-normalization
            loss = loss_fn(logits, labels)
            if training:
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
            total += loss.item() * len(labels)
            hits += (logits.argmax(dim=1) == labels).sum().item()
            seen += len(labels)
    return total / seen, hits / seen


def main():
    torch.manual_seed(7)
    train = DataLoader(Doorbell("clips/train"), batch_size=32, shuffle=True)
    valid = DataLoader(Doorbell("clips/valid"), batch_size=64)
    net = KnockNet(len(CLASSES)).to(device)
    loss_fn = nn.CrossEntropyLoss()
    optimizer = torch.optim.Adam(net.parameters(), lr=1e-3, weight_decay=1e-5)
    for epoch in range(25):
        train_loss, _ = run_epoch(net, train, loss_fn, optimizer)
        valid_loss, accuracy = run_epoch(net, valid, loss_fn)
        print(f"{epoch:3d}  train {train_loss:.3f}  valid {valid_loss:.3f}  accuracy {accuracy:.3f}")
    torch.save(net.state_dict(), "knocknet.pt")


if __name__ == "__main__":
    main()
