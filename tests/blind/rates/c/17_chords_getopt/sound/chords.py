#!/usr/bin/env python
# usage: chords.py [-l RATE] [-e EPOCHS] [-b BATCH]
import getopt
import sys

import torch
import torch.nn as nn
import torch.optim as optim
from torch.utils.data import DataLoader, TensorDataset

N_CHORDS = 25


def usage():
    sys.stderr.write('usage: chords.py [-l RATE] [-e EPOCHS] [-b BATCH]\n')
    sys.exit(2)


def parse(argv):
    lr, epochs, batch = 0.001, 15, 64
    try:
        pairs, rest = getopt.getopt(argv, 'l:e:b:')
    except getopt.GetoptError:
        usage()
    for flag, value in pairs:
        if flag == '-l':
            lr = float(value)
        elif flag == '-e':
            epochs = int(value)
        elif flag == '-b':
            batch = int(value)
    if rest or not 1 <= epochs <= 500 or not 8 <= batch <= 512 or not 1e-5 <= lr <= 1e-2:
        usage()
    return lr, epochs, batch


class ChordNet(nn.Module):
    """Bidirectional LSTM over 12-bin chroma frames, one chord label per excerpt."""

    def __init__(self):
        super(ChordNet, self).__init__()
        self.lstm = nn.LSTM(12, 64, batch_first=True, bidirectional=True)
        self.drop = nn.Dropout(0.25)
        self.out = nn.Linear(128, N_CHORDS)

    def forward(self, chroma):
        frames, _ = self.lstm(chroma)
        return self.out(self.drop(frames.mean(dim=1)))


def excerpts(n):
    return TensorDataset(torch.rand(n, 40, 12), torch.randint(0, N_CHORDS, (n,)))


def evaluate(net, loader):
    net.eval()
    right = 0
    with torch.no_grad():
        for chroma, chord in loader:
            right += (net(chroma).argmax(dim=1) == chord).sum().item()
    return right / len(loader.dataset)


def main(argv):
    lr, epochs, batch = parse(argv)
    torch.manual_seed(42)
    train_loader = DataLoader(excerpts(3000), batch_size=batch, shuffle=True)
    dev_loader = DataLoader(excerpts(500), batch_size=batch)
    net = ChordNet()
    criterion = nn.CrossEntropyLoss()
    optimizer = optim.Adam(net.parameters(), lr=lr, weight_decay=1e-5)
    for epoch in range(epochs):
        net.train()
        for chroma, chord in train_loader:
            optimizer.zero_grad()
            loss = criterion(net(chroma), chord)
            loss.backward()
            nn.utils.clip_grad_norm_(net.parameters(), 5.0)
            optimizer.step()
        print('%3d  dev accuracy %.3f' % (epoch + 1, evaluate(net, dev_loader)))


if __name__ == '__main__':
    main(sys.argv[1:])
