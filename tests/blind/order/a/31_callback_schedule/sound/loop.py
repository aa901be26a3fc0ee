import torch


class Loop:
    def __init__(self, model, criterion, optimizer, callbacks=()):
        self.model = model
        self.criterion = criterion
        self.optimizer = optimizer
        self.callbacks = list(callbacks)

    def fire(self, event, *args, **kwargs):
        for callback in self.callbacks:
            getattr(callback, event)(*args, **kwargs)

    def fit(self, train, val, epochs):
        for epoch in range(epochs):
            self.model.train()
            for x, y in train:
                self.fire("on_batch_start")
                self.optimizer.zero_grad()
                loss = self.criterion(self.model(x), y)
                loss.backward()
                self.optimizer.step()
                self.fire("on_batch_end", loss.item())
            self.fire("on_epoch_end", epoch, accuracy=self.accuracy(val))

    @torch.no_grad()
    def accuracy(self, loader):
        self.model.eval()
        right = sum((self.model(x).argmax(dim=1) == y).sum().item() for x, y in loader)
        return right / len(loader.dataset)
