"""Topic classification, scored every hundred steps."""
import torch
from torch import nn

from data import TOPICS, VOCABULARY, loaders
from model import TopicLSTM
from scoring import accuracy


def main(epochs=8, every=100):
    torch.manual_seed(0)
    train, val = loaders()
    model = TopicLSTM(VOCABULARY, TOPICS)
    criterion = nn.CrossEntropyLoss()
    optimizer = torch.optim.AdamW(model.parameters(), lr=2e-3)

    step = 0
    for epoch in range(epochs):
        model.train()
        for tokens, topic in train:
            logits = model(tokens)  # expect: eval-mode-not-restored
            loss = criterion(logits, topic)
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            step += 1
            if step % every == 0:
                print(f"epoch {epoch} step {step}: loss {loss.item():.3f} accuracy {accuracy(model, val):.3f}")


if __name__ == "__main__":
    main()
