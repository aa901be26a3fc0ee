from torch.utils.data import DataLoader
from torchvision import datasets, transforms as T

STATS = ((0.4914, 0.4822, 0.4465), (0.2470, 0.2435, 0.2616))


def loaders(spec):
    plain = [T.ToTensor(), T.Normalize(*STATS)]
    augment = [T.RandomCrop(32, padding=4), T.RandomHorizontalFlip()]
    train = datasets.CIFAR10(spec["root"], train=True, download=True, transform=T.Compose(augment + plain))
    test = datasets.CIFAR10(spec["root"], train=False, download=True, transform=T.Compose(plain))
    return (
        DataLoader(train, batch_size=spec["batch_size"], shuffle=True, num_workers=4, drop_last=True),
        DataLoader(test, batch_size=512, num_workers=4),
    )
