"""Flag toxic comments. Written as a pipeline of plain functions."""
from functools import partial, reduce

import torch
import torch.nn.functional as F
from torch import nn

VOCAB, LENGTH, DIM = 5000, 40, 48


def pipe(*stages):
    """pipe(f, g, h)(x) == h(g(f(x)))"""
    return lambda x: reduce(lambda value, stage: stage(value), stages, x)


def make_comments(n, seed):
    g = torch.Generator().manual_seed(seed)
    ids = torch.randint(1, VOCAB, (n, LENGTH), generator=g)
    toxic = (ids < 100).sum(dim=1) > 1
    return ids, toxic.float()


net = nn.ModuleDict(
    {
        "embed": nn.Embedding(VOCAB, DIM, padding_idx=0),
        "rnn": nn.GRU(DIM, DIM, batch_first=True, bidirectional=True),
        "gate": nn.Linear(2 * DIM, 1),
        "head": nn.Linear(2 * DIM, 1),
    }
)


def contextualise(vectors):
    states, _ = net["rnn"](vectors)
    return states


def gated_mean(states):
    gate = torch.sigmoid(net["gate"](states))
    return (gate * states).sum(dim=1) / gate.sum(dim=1).clamp(min=1e-6)


def flat(column):
    return column.squeeze(-1)


encode = pipe(net["embed"], contextualise, gated_mean)
probability = pipe(encode, net["head"], flat, torch.sigmoid)
score = probability

bce = partial(F.binary_cross_entropy_with_logits, pos_weight=torch.tensor(4.0))


def train_step(optimizer, ids, toxic):
    optimizer.zero_grad()
    loss = bce(score(ids), toxic)  # expect: sigmoid-before-logits-loss
    loss.backward()
    nn.utils.clip_grad_norm_(net.parameters(), 1.0)
    optimizer.step()
    return loss.item()


def recall(ids, toxic):
    net.eval()
    with torch.no_grad():
        flagged = probability(ids) > 0.5
    wanted = toxic.bool()
    return (flagged & wanted).sum().item() / max(wanted.sum().item(), 1)


def main():
    torch.manual_seed(0)
    train_ids, train_toxic = make_comments(4000, seed=1)
    valid_ids, valid_toxic = make_comments(800, seed=2)
    optimizer = torch.optim.AdamW(net.parameters(), lr=1e-3)
    for epoch in range(6):
        net.train()
        losses = []
        for index in torch.randperm(len(train_ids)).split(50):
            losses.append(train_step(optimizer, train_ids[index], train_toxic[index]))
        print(epoch, sum(losses) / len(losses), recall(valid_ids, valid_toxic))


if __name__ == "__main__":
    main()
