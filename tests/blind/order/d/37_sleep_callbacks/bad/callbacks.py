"""Hooks that the training loop calls around every epoch."""


class Callback:
    def on_epoch_begin(self, epoch):
        pass

    def on_epoch_end(self, epoch, score):
        pass


class RateControl(Callback):
    def __init__(self, scheduler):
        self.scheduler = scheduler

    def on_epoch_begin(self, epoch):
        self.scheduler.step()  # expect: scheduler-before-optimizer

    def on_epoch_end(self, epoch, score):
        print("rate", self.scheduler.get_last_lr()[0])


class Printer(Callback):
    def on_epoch_begin(self, epoch):
        print("---- epoch", epoch)

    def on_epoch_end(self, epoch, score):
        print(f"validation accuracy {score:.3f}")
