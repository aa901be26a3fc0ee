import torch
from torch.nn import functional as F
from torch.utils.data import DataLoader, TensorDataset

from nets import make_parts
from scoring import score

WORDS = 8


def clips(n, mels=24, frames=50):
    word = torch.randint(WORDS, (n,))
    patterns = torch.randn(WORDS, mels, 1, generator=torch.Generator().manual_seed(0))
    envelope = torch.hann_window(frames).reshape(1, 1, frames)
    return TensorDataset(patterns[word] * envelope + torch.randn(n, mels, frames), word)


def main():
    torch.manual_seed(6)
    train = DataLoader(clips(4000), batch_size=50, shuffle=True)
    valid = DataLoader(clips(800), batch_size=200)
    parts = make_parts(WORDS)
    optimizer = torch.optim.AdamW(parts.parameters(), lr=2e-3)

    for epoch in range(12):
        for part in parts.values():
            part.train()
        running = 0.0
        for batch, words in train:
            loss = F.cross_entropy(parts["head"](parts["encoder"](batch)), words)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            running += loss.item()
        valid_loss, accuracy = score(parts, valid)
        print(f"{epoch:2d} train {running / len(train):.4f} valid {valid_loss:.4f} accuracy {accuracy:.3f}")


if __name__ == "__main__":
    main()
