"""Lightning: the hooks of a module in the order in which the trainer calls them."""

from trainlint import anything, backward, endless, save_hyperparameters as keep_arguments

from torch.nn import Module


class LightningModule(Module):
    automatic_optimization = True

    save_hyperparameters = keep_arguments

    def log(self, *args, **kwargs):
        return None

    def log_dict(self, *args, **kwargs):
        return None

    def print(self, *args, **kwargs):
        return None

    def manual_backward(self, loss, *args, **kwargs):
        backward(loss)


class LightningDataModule:
    save_hyperparameters = keep_arguments


def batches(name, model, loaders, datamodule):
    if loaders is None and datamodule is not None:
        loaders = getattr(datamodule, name, None)
        loaders = None if loaders is None else loaders()
    if loaders is None:
        loaders = getattr(model, name, None)
        loaders = None if loaders is None else loaders()
    if loaders is None:
        return endless(anything("a batch of unknown data"))
    return loaders


class Trainer:
    def __init__(self, *args, **kwargs):
        self.settings = kwargs

    def fit(self, model, train_dataloaders=None, val_dataloaders=None, datamodule=None, ckpt_path=None):
        if datamodule is not None and hasattr(datamodule, "setup"):
            datamodule.setup("fit")
        if hasattr(model, "configure_optimizers"):
            model.configure_optimizers()
        model.train()
        for index, batch in enumerate(batches("train_dataloader", model, train_dataloaders, datamodule)):
            loss = model.training_step(batch, index)
            if model.automatic_optimization:
                backward(loss)
        if hasattr(model, "validation_step"):
            model.eval()
            for index, batch in enumerate(batches("val_dataloader", model, val_dataloaders, datamodule)):
                model.validation_step(batch, index)
            model.train()

    def validate(self, model=None, dataloaders=None, ckpt_path=None, verbose=True, datamodule=None):
        if model is not None and hasattr(model, "validation_step"):
            for index, batch in enumerate(batches("val_dataloader", model, dataloaders, datamodule)):
                model.validation_step(batch, index)

    def test(self, model=None, dataloaders=None, ckpt_path=None, verbose=True, datamodule=None):
        if model is not None and hasattr(model, "test_step"):
            for index, batch in enumerate(batches("test_dataloader", model, dataloaders, datamodule)):
                model.test_step(batch, index)


class LightningCLI:
    def __init__(self, model_class=None, datamodule_class=None, *args, **kwargs):
        if model_class is not None:
            self.model = model_class()
            Trainer().fit(self.model)


class Fabric:
    def __init__(self, *args, **kwargs):
        self.settings = kwargs

    def launch(self, *args, **kwargs):
        return None

    def setup(self, module, *optimizers, **kwargs):
        if len(optimizers) == 0:
            return module
        return (module, *optimizers)

    def setup_module(self, module, **kwargs):
        return module

    def setup_optimizers(self, *optimizers):
        if len(optimizers) == 1:
            return optimizers[0]
        return optimizers

    def setup_dataloaders(self, *loaders, **kwargs):
        if len(loaders) == 1:
            return loaders[0]
        return loaders

    def backward(self, tensor, *args, **kwargs):
        backward(tensor)

    def print(self, *args, **kwargs):
        return None


class Accelerator:
    def __init__(self, *args, **kwargs):
        self.settings = kwargs

    def prepare(self, *objects, **kwargs):
        if len(objects) == 1:
            return objects[0]
        return objects

    def prepare_model(self, model, *args, **kwargs):
        return model

    def prepare_optimizer(self, optimizer, *args, **kwargs):
        return optimizer

    def prepare_data_loader(self, loader, *args, **kwargs):
        return loader

    def unwrap_model(self, model, *args, **kwargs):
        return model

    def backward(self, loss, **kwargs):
        backward(loss)

    def print(self, *args, **kwargs):
        return None
