"""Multi-label findings in 12-lead ECG segments."""
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset, random_split

FINDINGS = ["AFIB", "LBBB", "RBBB", "PVC", "STD"]


class LeadNet(nn.Module):
    def __init__(self, n_leads=12, n_findings=len(FINDINGS), width=32):
        super().__init__()
        blocks = []
        for k, (c_in, c_out) in zip((11, 7, 5), [(n_leads, width), (width, width), (width, 2 * width)]):
            blocks.append(nn.Conv1d(c_in, c_out, k, stride=2, padding=k // 2, bias=False))
            blocks.append(nn.BatchNorm1d(c_out))
            blocks.append(nn.ReLU())
        self.blocks = nn.Sequential(*blocks)
        self.drop = nn.Dropout(0.3)
        self.out = nn.Linear(2 * width, n_findings)

    def forward(self, signal):
        features = self.blocks(signal).amax(dim=-1)
        z = self.out(self.drop(features))
        if self.training:
            return z
        return torch.sigmoid(z)


class Trainer:
    def __init__(self, net, lr=1e-3):
        self.net = net
        self.train_loss = nn.BCELoss()
        self.valid_loss = nn.BCELoss()
        self.optimizer = torch.optim.AdamW(net.parameters(), lr=lr)
        self.history = []

    def train_one_epoch(self, loader):
        self.net.train()
        total = 0.0
        for signal, findings in loader:
            out = self.net(signal)
            loss = self.train_loss(out, findings)  # expect: logits-into-probability-loss
            self.optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(self.net.parameters(), 1.0)
            self.optimizer.step()
            total += loss.item()
        return total / len(loader)

    def validate(self, loader):
        self.net.eval()
        total, right, count = 0.0, 0, 0
        with torch.no_grad():
            for signal, findings in loader:
                out = self.net(signal)
                total += self.valid_loss(out, findings).item()
                right += ((out > 0.5) == findings.bool()).sum().item()
                count += findings.numel()
        return total / len(loader), right / count

    def fit(self, train_loader, valid_loader, epochs):
        for epoch in range(epochs):
            train = self.train_one_epoch(train_loader)
            valid, accuracy = self.validate(valid_loader)
            self.history.append((train, valid))
            print(f"[{epoch + 1}/{epochs}] {train:.4f} {valid:.4f} {accuracy:.3f}")


def main():
    torch.manual_seed(5)
    signals = torch.randn(1024, 12, 500)
    findings = (torch.rand(1024, len(FINDINGS)) < 0.2).float()
    train, valid = random_split(TensorDataset(signals, findings), [768, 256])
    trainer = Trainer(LeadNet())
    trainer.fit(
        DataLoader(train, batch_size=64, shuffle=True),
        DataLoader(valid, batch_size=64),
        epochs=15,
    )


if __name__ == "__main__":
    main()
