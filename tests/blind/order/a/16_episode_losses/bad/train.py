import torch
import torch.nn.functional as F

from episodes import Episodes
from protonet import Encoder, average, prototype_logits

DIM = 24
TASK = dict(way=5, shot=5, queries=10)


def task_loss(encoder, episodes):
    support, query, target = episodes.draw(**TASK)
    return F.cross_entropy(prototype_logits(encoder, support, query, TASK["way"]), target)


@torch.no_grad()
def novel_accuracy(encoder, episodes, n=50):
    encoder.eval()
    scores = []
    for _ in range(n):
        support, query, target = episodes.draw(**TASK)
        logits = prototype_logits(encoder, support, query, TASK["way"])
        scores.append((logits.argmax(dim=1) == target).float().mean())
    return average(scores).item()


def main():
    torch.manual_seed(2)
    base, novel = Episodes(64, DIM, seed=1), Episodes(20, DIM, seed=2)
    encoder = Encoder(DIM)
    optimizer = torch.optim.AdamW(encoder.parameters(), lr=1e-3)

    for epoch in range(20):
        encoder.train()
        losses = []
        for _ in range(400):
            loss = task_loss(encoder, base)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss)  # expect: loss-keeps-graph
        print(f"epoch {epoch}: loss {average(losses).item():.4f}, "
              f"novel classes {novel_accuracy(encoder, novel):.3f}")

    torch.save(encoder.state_dict(), "protonet.pt")


if __name__ == "__main__":
    main()
