"""Vehicle counts at junctions from camera features; mixed-precision trainer."""
import torch
from torch import nn
from torch.optim import lr_scheduler
from torch.utils.data import DataLoader, TensorDataset

CONFIG = {"epochs": 40, "warmup": 5, "lr": 2e-3, "batch": 128}


class CountNet(nn.Module):
    def __init__(self, features=32, width=128):
        super().__init__()
        self.inp = nn.Linear(features, width)
        self.mid = nn.Linear(width, width)
        self.norm = nn.LayerNorm(width)
        self.drop = nn.Dropout(0.1)
        self.out = nn.Linear(width, 1)

    def forward(self, x):
        h = torch.relu(self.inp(x))
        h = h + self.drop(torch.relu(self.mid(self.norm(h))))
        return self.out(h).squeeze(-1)


class Trainer:
    def __init__(self, model, config, device):
        self.model = model.to(device)
        self.config, self.device = config, device
        self.loss_fn = nn.PoissonNLLLoss(log_input=True)
        self.optimizer = torch.optim.AdamW(model.parameters(), lr=config["lr"])
        self.scaler = torch.amp.GradScaler(device)
        warmup = lr_scheduler.LinearLR(self.optimizer, start_factor=0.1, total_iters=config["warmup"])
        cosine = lr_scheduler.CosineAnnealingLR(self.optimizer, T_max=config["epochs"] - config["warmup"])
        self.schedules = [lr_scheduler.SequentialLR(self.optimizer, [warmup, cosine], milestones=[config["warmup"]])]

    def loss(self, x, count):
        with torch.autocast(self.device, dtype=torch.float16):
            log_rate = self.model(x.to(self.device))
        return self.loss_fn(log_rate.float(), count.to(self.device))

    def epoch(self, loader):
        self.model.train()
        for x, count in loader:
            self.optimizer.zero_grad()
            loss = self.loss(x, count)
            self.scaler.scale(loss).backward()
            self.scaler.unscale_(self.optimizer)
            nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
            self.scaler.step(self.optimizer)
            self.scaler.update()
        for schedule in self.schedules:
            schedule.step()

    @torch.no_grad()
    def validate(self, loader):
        self.model.eval()
        return sum(self.loss(x, count).item() for x, count in loader) / len(loader)

    def fit(self, train_loader, val_loader):
        for epoch in range(self.config["epochs"]):
            self.epoch(train_loader)
            rate = self.optimizer.param_groups[0]["lr"]
            print(f"{epoch:2d} lr {rate:.2e} val nll {self.validate(val_loader):.4f}")


def cameras(n, weight):
    x = torch.randn(n, 32)
    return TensorDataset(x, torch.poisson(torch.exp(0.5 + torch.tanh(x @ weight))))


if __name__ == "__main__":
    torch.manual_seed(0)
    weight = torch.randn(32) / 5
    train_loader = DataLoader(cameras(10_240, weight), batch_size=CONFIG["batch"], shuffle=True)
    val_loader = DataLoader(cameras(2_048, weight), batch_size=512)
    Trainer(CountNet(), CONFIG, "cuda").fit(train_loader, val_loader)
