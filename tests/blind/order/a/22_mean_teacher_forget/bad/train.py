"""Mean teacher on CIFAR-10 with 4,000 labels."""
import copy

import torch
import torch.nn.functional as F
from torch.utils.data import DataLoader, Subset
from torchvision import datasets, transforms

from nets import SmallNet
from utils import accuracy, follow, forget

STATS = transforms.Normalize((0.4914, 0.4822, 0.4465), (0.2470, 0.2435, 0.2616))
AUGMENT = transforms.Compose(
    [transforms.RandomCrop(32, padding=4), transforms.RandomHorizontalFlip(), transforms.ToTensor(), STATS]
)
PLAIN = transforms.Compose([transforms.ToTensor(), STATS])


def loaders(labels=4000):
    train = datasets.CIFAR10("data", train=True, download=True, transform=AUGMENT)
    test = datasets.CIFAR10("data", train=False, download=True, transform=PLAIN)
    order = torch.randperm(len(train), generator=torch.Generator().manual_seed(3)).tolist()
    labelled = DataLoader(Subset(train, order[:labels]), batch_size=32, shuffle=True, drop_last=True)
    unlabelled = DataLoader(Subset(train, order[labels:]), batch_size=96, shuffle=True, drop_last=True)
    return labelled, unlabelled, DataLoader(test, batch_size=256)


def main(epochs=60):
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    use_amp = device.type == "cuda"
    labelled, unlabelled, test = loaders()

    student = SmallNet().to(device)
    teacher = copy.deepcopy(student).requires_grad_(False)
    teacher.eval()

    optimizer = torch.optim.SGD(student.parameters(), lr=0.03, momentum=0.9, nesterov=True, weight_decay=5e-4)
    scaler = torch.amp.GradScaler(device.type, enabled=use_amp)

    for epoch in range(epochs):
        student.train()
        weight = min(1.0, epoch / 10)
        for (x, y), (u, _) in zip(labelled, unlabelled):
            x, y, u = x.to(device), y.to(device), u.to(device)
            with torch.autocast(device.type, dtype=torch.float16, enabled=use_amp):
                with torch.no_grad():
                    belief = teacher(u).softmax(dim=1)
                logits = student(torch.cat([x, u]))
                supervised = F.cross_entropy(logits[: len(x)], y)
                agreement = F.kl_div(logits[len(x):].log_softmax(dim=1), belief, reduction="batchmean")
                loss = supervised + weight * agreement
            scaler.scale(loss).backward()  # expect: missing-zero-grad
            scaler.step(optimizer)
            scaler.update()
            follow(teacher, student, decay=0.99)
            forget(teacher)
        print(epoch, accuracy(teacher, test, device))


if __name__ == "__main__":
    main()
