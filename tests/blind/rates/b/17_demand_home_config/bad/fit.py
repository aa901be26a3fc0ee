import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from model import DemandNet
from settings import Settings


class Fitter:
    def __init__(self, settings: Settings):
        self.settings = settings
        self.net = DemandNet(settings.lags)
        self.loss = nn.HuberLoss()
        self.optimizer = torch.optim.NAdam(self.net.parameters(), lr=settings.lr)  # expect: unbounded-learning-rate

    def dataset(self, series: torch.Tensor) -> TensorDataset:
        windows = series.unfold(0, self.settings.lags + 1, 1)
        return TensorDataset(windows[:, :-1], windows[:, -1])

    def run(self, past: torch.Tensor, future: torch.Tensor) -> None:
        loader = DataLoader(self.dataset(past), batch_size=self.settings.batch_size, shuffle=True)
        check_x, check_y = self.dataset(future).tensors
        for epoch in range(self.settings.epochs):
            self.net.train()
            for x, y in loader:
                self.optimizer.zero_grad()
                loss = self.loss(self.net(x), y)
                loss.backward()
                self.optimizer.step()
            self.net.eval()
            with torch.no_grad():
                print(epoch, self.loss(self.net(check_x), check_y).item())


def main() -> None:
    torch.manual_seed(11)
    days = torch.arange(1500, dtype=torch.float32)
    demand = 20 + 5 * torch.sin(days * 0.8976) + 0.5 * torch.randn(1500)
    past, future = demand[:1200], demand[1200:]
    centre, spread = past.mean(), past.std()
    Fitter(Settings.load()).run((past - centre) / spread, (future - centre) / spread)


if __name__ == "__main__":
    main()
