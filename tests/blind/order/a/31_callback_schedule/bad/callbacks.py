class Callback:
    def on_batch_start(self):
        pass

    def on_batch_end(self, loss):
        pass

    def on_epoch_end(self, epoch, **scores):
        pass


class Schedule(Callback):
    def __init__(self, scheduler):
        self.scheduler = scheduler
        self.rates = []

    def on_batch_start(self):
        self.scheduler.step()  # expect: scheduler-before-optimizer

    def on_batch_end(self, loss):
        self.rates.append(self.scheduler.get_last_lr()[0])


class Console(Callback):
    def __init__(self):
        self.losses = []

    def on_batch_end(self, loss):
        self.losses.append(loss)

    def on_epoch_end(self, epoch, **scores):
        mean = sum(self.losses) / len(self.losses)
        self.losses.clear()
        print(f"{epoch:3d} loss {mean:.4f}", *(f"{k} {v:.3f}" for k, v in scores.items()))
