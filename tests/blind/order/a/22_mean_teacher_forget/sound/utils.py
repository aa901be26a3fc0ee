import torch


def forget(module):
    for p in module.parameters():
        p.grad = None


@torch.no_grad()
def follow(target, source, decay):
    for t, s in zip(target.parameters(), source.parameters()):
        t.mul_(decay).add_(s, alpha=1 - decay)
    for t, s in zip(target.buffers(), source.buffers()):
        t.copy_(s)


@torch.no_grad()
def accuracy(model, loader, device):
    model.eval()
    right = seen = 0
    for x, y in loader:
        guess = model(x.to(device)).argmax(dim=1)
        right += (guess == y.to(device)).sum().item()
        seen += len(y)
    return right / seen
