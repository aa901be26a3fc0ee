# Quarry blast or earthquake? One station, three components, the record cut into T windows.
# Each window is described by its log spectrum; a recurrent network reads the windows and an
# attention decides which of them count.
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset, random_split

T, BANDS = 40, 24


def make_records(n):
    """Made-up log spectra: blasts decay fast and lack low bands, both under noise."""
    blast = torch.randint(0, 2, (n,))
    onset = torch.randint(3, 15, (n, 1))
    t = torch.arange(T).expand(n, T) - onset
    decay = torch.where(blast.bool(), 4.0, 9.0).unsqueeze(1)
    level = torch.where(t >= 0, torch.exp(-t.clamp(min=0) / decay), torch.zeros(()))
    shape = torch.linspace(1.0, 0.2, BANDS).expand(n, BANDS).clone()
    shape[blast.bool(), :6] *= 0.4
    spectra = level.unsqueeze(-1) * shape.unsqueeze(1) + 0.3 * torch.randn(n, T, BANDS)
    return TensorDataset(spectra, blast.float().unsqueeze(1))


class WindowAttention(nn.Module):
    def __init__(self, size):
        super().__init__()
        self.score = nn.Sequential(nn.Linear(size, 32), nn.Tanh(), nn.Linear(32, 1))

    def forward(self, states):
        scores = self.score(states)
        alpha = torch.softmax(scores, dim=-1)  # expect: softmax-over-one-unit
        return torch.einsum("bto,btd->bd", alpha, states), alpha


class BlastNet(nn.Module):
    def __init__(self, hidden=48):
        super().__init__()
        self.reader = nn.GRU(BANDS, hidden, batch_first=True, bidirectional=True)
        self.attend = WindowAttention(2 * hidden)
        self.head = nn.Sequential(
            nn.Linear(2 * hidden, 32),
            nn.ReLU(),
            nn.Dropout(0.2),
            nn.Linear(32, 1),
        )

    def forward(self, spectra):
        states, _ = self.reader(spectra)
        summary, alpha = self.attend(states)
        return self.head(summary), alpha


@torch.no_grad()
def accuracy(net, loader):
    net.eval()
    right = total = 0
    for spectra, blast in loader:
        logit, _ = net(spectra)
        right += ((logit > 0) == (blast > 0.5)).sum().item()
        total += len(blast)
    return right / total


torch.manual_seed(9)
train_set, val_set, test_set = random_split(make_records(6000), [4500, 500, 1000])
train_loader = DataLoader(train_set, batch_size=64, shuffle=True)
val_loader = DataLoader(val_set, batch_size=250)
test_loader = DataLoader(test_set, batch_size=250)

net = BlastNet()
opt = torch.optim.Adam(net.parameters(), lr=2e-3)
criterion = nn.BCEWithLogitsLoss()

for epoch in range(15):
    net.train()
    running = 0.0
    for spectra, blast in train_loader:
        opt.zero_grad()
        logit, _ = net(spectra)
        loss = criterion(logit, blast)
        loss.backward()
        opt.step()
        running += loss.item()
    print(f"{epoch:2d}  loss {running / len(train_loader):.4f}  val acc {accuracy(net, val_loader):.3f}")

print("test accuracy", accuracy(net, test_loader))
with torch.no_grad():
    _, alpha = net(test_set[0][0].unsqueeze(0))
print("most telling window:", alpha.flatten().argmax().item())
