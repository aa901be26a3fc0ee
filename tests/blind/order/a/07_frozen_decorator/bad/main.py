import torch
from torch import nn
from torch.utils.data import DataLoader
from torchvision import datasets, transforms as T

from net import small_resnet
from scoring import error_rate

STATS = T.Normalize((0.4914, 0.4822, 0.4465), (0.2470, 0.2435, 0.2616))


def loaders(root="data", batch=128):
    augment = T.Compose([T.RandomCrop(32, padding=4), T.RandomHorizontalFlip(), T.ToTensor(), STATS])
    plain = T.Compose([T.ToTensor(), STATS])
    train = datasets.CIFAR10(root, train=True, download=True, transform=augment)
    test = datasets.CIFAR10(root, train=False, download=True, transform=plain)
    return (DataLoader(train, batch, shuffle=True, num_workers=4, drop_last=True),
            DataLoader(test, 500, num_workers=4))


def main(epochs=30):
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    train, test = loaders()
    net = small_resnet().to(device)
    criterion = nn.CrossEntropyLoss(label_smoothing=0.05)
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9, nesterov=True, weight_decay=5e-4)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=epochs)

    for epoch in range(epochs):
        net.train()
        for images, target in train:
            images, target = images.to(device), target.to(device)
            loss = criterion(net(images), target)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            optimizer.step()
        schedule.step()
        print(f"epoch {epoch}: test error {error_rate(net, test, device):.2%}")
    torch.save(net.state_dict(), "cifar.pt")


if __name__ == "__main__":
    main()
