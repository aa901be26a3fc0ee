"""Sound event classification on log-mel patches, single node, through Accelerate."""
import torch
import torch.nn.functional as F
from accelerate import Accelerator
from torch import nn
from torch.utils.data import DataLoader, TensorDataset, random_split

N_EVENTS = 6
EPOCHS = 20


def block(c_in, c_out):
    return nn.Sequential(
        nn.Conv2d(c_in, c_out, kernel_size=3, padding=1, bias=False),
        nn.BatchNorm2d(c_out),
        nn.ReLU(inplace=True),
        nn.MaxPool2d(2),
    )


class EventNet(nn.Module):
    def __init__(self, widths=(16, 32, 64)):
        super().__init__()
        chain = [1, *widths]
        self.features = nn.Sequential(*(block(a, b) for a, b in zip(chain, chain[1:])))
        self.classify = nn.Linear(widths[-1], N_EVENTS)

    def forward(self, spec):
        return self.classify(self.features(spec).mean(dim=(2, 3)))


def patches(n):
    generator = torch.Generator().manual_seed(17)
    label = torch.randint(N_EVENTS, (n,), generator=generator)
    spec = torch.randn(n, 1, 64, 96, generator=generator)
    for i, k in enumerate(label.tolist()):
        spec[i, 0, 10 * k:10 * k + 8] += 0.7
    return TensorDataset(spec, label)


@torch.no_grad()
def accuracy(accelerator, model, loader):
    model.eval()
    right, seen = 0, 0
    for spec, label in loader:
        guess, label = accelerator.gather_for_metrics((model(spec).argmax(dim=1), label))
        right += (guess == label).sum().item()
        seen += label.numel()
    return right / seen


def main():
    accelerator = Accelerator()
    train_set, val_set = random_split(patches(2400), [2000, 400])
    model = EventNet()
    optimizer = torch.optim.AdamW(model.parameters(), lr=2e-3, weight_decay=1e-2)
    model, optimizer, train_loader, val_loader = accelerator.prepare(
        model, optimizer,
        DataLoader(train_set, batch_size=40, shuffle=True),
        DataLoader(val_set, batch_size=80),
    )

    for epoch in range(EPOCHS):
        model.train()
        skipped, losses = 0, []
        for spec, label in train_loader:
            try:
                loss = F.cross_entropy(model(spec), label)
                accelerator.backward(loss)
            except torch.cuda.OutOfMemoryError:
                torch.cuda.empty_cache()
                skipped += 1
                continue
            finally:
                optimizer.zero_grad(set_to_none=True)  # expect: zero-grad-before-step
            optimizer.step()
            losses.append(loss.item())
        score = accuracy(accelerator, model, val_loader)
        accelerator.print(f"epoch {epoch}: loss {sum(losses) / max(len(losses), 1):.4f} "
                          f"val acc {score:.3f} skipped {skipped}")

    accelerator.save_model(model, "events")


if __name__ == "__main__":
    main()
