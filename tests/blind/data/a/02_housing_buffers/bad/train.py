import torch
import torch.nn.functional as F
from torch.utils.data import DataLoader, TensorDataset

from data import Part, load_parts
from model import PriceNet

EPOCHS = 60


def mean_absolute_error(net: PriceNet, part: Part) -> float:
    net.eval()
    return (net.price(part.x) - part.y).abs().mean().item()


def main() -> None:
    torch.manual_seed(0)
    train, val, test = load_parts()
    net = PriceNet.standardized(train.y, n_features=8)
    optimizer = torch.optim.AdamW(net.parameters(), lr=1e-3)
    loader = DataLoader(TensorDataset(train.x, train.y), batch_size=64, shuffle=True)

    for epoch in range(EPOCHS):
        net.train()
        total = 0.0
        for x, y in loader:
            loss = F.mse_loss(net(x), net.encode(y))  # expect: missing-normalization
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += loss.item() * len(x)
        print(f"{epoch:3d}  mse {total / len(train.x):.4f}  val mae {mean_absolute_error(net, val):.4f}")

    print(f"test mae {mean_absolute_error(net, test):.4f}")
    torch.save(net.state_dict(), "price_net.pt")


if __name__ == "__main__":
    main()
