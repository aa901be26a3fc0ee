# Outcome prediction for connect-four positions (loss / draw / win).
from __future__ import print_function

import random

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
import torch.optim as optim


class opt:
    seed = 1234
    nEpochs = 40
    batchSize = 64
    lr = 0.0003
    steps = [(0, 1), (5, 10), (25, 1)]
    nTrain = 6400
    nTest = 640


class Net(nn.Module):
    def __init__(self):
        super(Net, self).__init__()
        self.conv1 = nn.Conv2d(2, 32, kernel_size=4, padding=2)
        self.bn1 = nn.BatchNorm2d(32)
        self.conv2 = nn.Conv2d(32, 32, kernel_size=3)
        self.bn2 = nn.BatchNorm2d(32)
        self.fc = nn.Linear(32 * 5 * 6, 3)

    def forward(self, x):
        x = F.relu(self.bn1(self.conv1(x)))
        x = F.relu(self.bn2(self.conv2(x)))
        x = x.view(x.size(0), -1)
        x = F.dropout(x, p=0.4, training=self.training)
        return F.log_softmax(self.fc(x), dim=1)


def positions(n):
    boards = np.random.randint(0, 3, size=(n, 6, 7))
    planes = np.stack([boards == 1, boards == 2], axis=1).astype('float32')
    return torch.from_numpy(planes), torch.from_numpy(np.random.randint(0, 3, size=n)).long()


def adjust_learning_rate(optimizer, epoch):
    factor = 1
    for start, value in opt.steps:
        if epoch >= start:
            factor = value
    lr = opt.lr * factor
    for group in optimizer.param_groups:
        group['lr'] = lr
    return lr


def train(model, optimizer, x, y):
    model.train()
    order = torch.randperm(x.size(0))
    for i in range(0, x.size(0), opt.batchSize):
        idx = order[i:i + opt.batchSize]
        optimizer.zero_grad()
        loss = F.nll_loss(model(x[idx]), y[idx])
        loss.backward()
        optimizer.step()
    return loss.item()


def test(model, x, y):
    model.eval()
    with torch.no_grad():
        pred = model(x).max(1)[1]
    return 100. * pred.eq(y).sum().item() / y.size(0)


if __name__ == '__main__':
    random.seed(opt.seed)
    np.random.seed(opt.seed)
    torch.manual_seed(opt.seed)
    x_train, y_train = positions(opt.nTrain)
    x_test, y_test = positions(opt.nTest)
    model = Net()
    optimizer = optim.RMSprop(model.parameters(), lr=opt.lr, alpha=0.95, weight_decay=1e-5)
    for epoch in range(opt.nEpochs):
        lr = adjust_learning_rate(optimizer, epoch)
        last = train(model, optimizer, x_train, y_train)
        print('epoch %d  lr %g  loss %.4f  accuracy %.1f%%' % (epoch, lr, last, test(model, x_test, y_test)))
