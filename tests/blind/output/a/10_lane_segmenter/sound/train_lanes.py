import torch
import torch.nn as nn
import torch.optim as optim
from torch.utils.data import DataLoader, Dataset

from segmenters import LaneNet

ROAD, LANE, SKY, IGNORE = 0, 1, 2, 255


class Roads(Dataset):
    def __init__(self, length, first_seed, height=48, width=96):
        self.length, self.first_seed, self.size = length, first_seed, (height, width)

    def __len__(self):
        return self.length

    def __getitem__(self, index):
        height, width = self.size
        g = torch.Generator().manual_seed(self.first_seed + index)
        mask = torch.full(self.size, ROAD, dtype=torch.long)
        mask[: height // 3] = SKY
        for centre in torch.randint(8, width - 8, (2,), generator=g).tolist():
            mask[height // 3:, centre - 2:centre + 2] = LANE
        palette = torch.tensor([[-0.6, -0.6, -0.5], [1.0, 0.9, 0.8], [0.1, 0.4, 1.2]])
        image = palette[mask].permute(2, 0, 1) + 0.6 * torch.randn(3, height, width, generator=g)
        mask[height - 4:] = IGNORE
        return image, mask


class LaneTrainer(object):
    def __init__(self, net, train_data, val_data, device):
        self.net = net.to(device)
        self.device = device
        self.train_loader = DataLoader(train_data, batch_size=16, shuffle=True)
        self.val_loader = DataLoader(val_data, batch_size=16, shuffle=False)
        weight = torch.tensor([1.0, 4.0, 1.0], device=device)
        self.criterion = nn.NLLLoss(weight=weight, ignore_index=IGNORE)
        self.optimizer = optim.SGD(self.net.parameters(), lr=0.02, momentum=0.9, weight_decay=1e-4)
        self.scheduler = optim.lr_scheduler.StepLR(self.optimizer, step_size=5, gamma=0.3)

    def train_epoch(self):
        self.net.train()
        total = 0.0
        for images, masks in self.train_loader:
            images, masks = images.to(self.device), masks.to(self.device)
            self.optimizer.zero_grad()
            loss = self.criterion(self.net.log_probs(images), masks)
            loss.backward()
            self.optimizer.step()
            total += loss.item()
        self.scheduler.step()
        return total / len(self.train_loader)

    def lane_iou(self):
        self.net.eval()
        inter, union = 0, 0
        with torch.no_grad():
            for images, masks in self.val_loader:
                guess = self.net.labels(images.to(self.device)).cpu()
                seen = masks != IGNORE
                a, b = (guess == LANE) & seen, (masks == LANE) & seen
                inter += (a & b).sum().item()
                union += (a | b).sum().item()
        return inter / max(union, 1)

    def fit(self, epochs):
        for epoch in range(epochs):
            loss = self.train_epoch()
            print("[%02d] loss %.4f, lane IoU %.3f" % (epoch, loss, self.lane_iou()))


if __name__ == "__main__":
    device = torch.device("cuda:0" if torch.cuda.is_available() else "cpu")
    trainer = LaneTrainer(LaneNet(num_classes=3), Roads(1500, 0), Roads(200, 10 ** 6), device)
    trainer.fit(15)
