from collections import defaultdict

import torch


class Engine:
    def __init__(self, net, loss_fn, optimizer, scheduler=None):
        self.net = net
        self.loss_fn = loss_fn
        self.optimizer = optimizer
        self.scheduler = scheduler
        self.listeners = defaultdict(list)
        self.epoch = 0
        if scheduler is not None:
            self.on("epoch_end", scheduler.step)

    def on(self, event, call):
        self.listeners[event].append(call)

    def fire(self, event):
        for call in self.listeners[event]:
            call()

    def train(self, loader):
        self.net.train()
        for past, coming in loader:
            self.optimizer.zero_grad()
            loss = self.loss_fn(self.net(past), coming)
            loss.backward()
            self.optimizer.step()
        self.epoch += 1
        self.fire("epoch_end")

    @torch.no_grad()
    def validate(self, loader):
        self.net.eval()
        total = sum(self.loss_fn(self.net(past), coming).item() for past, coming in loader)
        self.fire("validated")
        return total / len(loader)

    def save(self, path):
        parts = {"net": self.net, "optimizer": self.optimizer, "scheduler": self.scheduler}
        state = {name: part.state_dict() for name, part in parts.items() if part is not None}
        torch.save({"epoch": self.epoch, **state}, path)
