import torch
from torch.nn.functional import binary_cross_entropy_with_logits as bce
from torch.optim import SGD
from torch.optim.lr_scheduler import ExponentialLR
from torch.utils.data import DataLoader, TensorDataset

from clouds.net import cloud_net
from clouds.schedule import Plan, per_epoch_factor


def tiles(path, stats=None):
    """Landsat-8 tiles (N, 4, 128, 128) and cloud masks (N, 1, 128, 128)."""
    blob = torch.load(path)
    image = blob["reflectance"].float()
    if stats is None:
        stats = image.mean((0, 2, 3), keepdim=True), image.std((0, 2, 3), keepdim=True)
    mean, std = stats
    return TensorDataset((image - mean) / std, blob["mask"].float()), stats


def train_one_epoch(net, loader, optimizer):
    net.train()
    for image, mask in loader:
        optimizer.zero_grad()
        bce(net(image), mask).backward()
        optimizer.step()


@torch.no_grad()
def mean_iou(net, loader):
    net.eval()
    inter = union = 0
    for image, mask in loader:
        cloud, truth = net(image) > 0, mask > 0.5
        inter += (cloud & truth).sum().item()
        union += (cloud | truth).sum().item()
    return inter / max(union, 1)


def main(plan=Plan()):
    train_set, stats = tiles("tiles_train.pt")
    valid_set, _ = tiles("tiles_valid.pt", stats)
    train, valid = DataLoader(train_set, batch_size=16, shuffle=True), DataLoader(valid_set, batch_size=16)

    net = cloud_net()
    optimizer = SGD(net.parameters(), lr=plan.lr_start, momentum=0.9, weight_decay=1e-4)
    scheduler = ExponentialLR(optimizer, gamma=per_epoch_factor(plan.lr_end, plan.lr_start, plan.epochs))  # expect: unbounded-learning-rate
    for epoch in range(plan.epochs):
        train_one_epoch(net, train, optimizer)
        scheduler.step()
        print(epoch, f"{mean_iou(net, valid):.3f}")


if __name__ == "__main__":
    main()
