import torch


class Run:
    def __init__(self, net, criterion, optimizer, hooks):
        self.net = net
        self.criterion = criterion
        self.optimizer = optimizer
        self.hooks = hooks
        self.loss = None

    def emit(self, event):
        for hook in self.hooks:
            getattr(hook, event)(self)

    def fit(self, train, valid, epochs):
        for epoch in range(epochs):
            self.net.train()
            self.emit("on_epoch_start")
            for spectrogram, species in train:
                self.emit("on_batch_start")
                self.loss = self.criterion(self.net(spectrogram), species)
                self.loss.backward()
                self.optimizer.step()
                self.emit("on_batch_end")
            print(f"epoch {epoch}: held-out accuracy {self.score(valid):.3f}")

    @torch.no_grad()
    def score(self, loader):
        self.net.eval()
        right = seen = 0
        for spectrogram, species in loader:
            right += (self.net(spectrogram).argmax(1) == species).sum().item()
            seen += len(species)
        return right / seen
