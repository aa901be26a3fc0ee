"""Lightning: the hooks of a module in the order in which the trainer calls them."""

from contextlib import nullcontext

from trainlint import anything, backward, endless, guarded, guarded_by, numbered, own_callbacks, processes, unscaled
from trainlint import save_hyperparameters as keep_arguments

from torch import no_grad
from torch.nn import Module
from torch.nn.utils import clip_grad_norm_, clip_grad_value_


class LightningModule(Module):
    automatic_optimization = True
    trainer = None
    save_hyperparameters = keep_arguments

    @property
    def global_step(self):
        return self.trainer.global_step

    @property
    def current_epoch(self):
        return self.trainer.current_epoch

    def optimizers(self, use_pl_optimizer=True):
        made = self.trainer.optimizers
        if len(made) == 1:
            return made[0]
        return made

    def lr_schedulers(self):
        made = self.trainer.schedules
        if len(made) == 1:
            return made[0]
        return made

    def log(self, *args, **kwargs):
        return None

    def log_dict(self, *args, **kwargs):
        return None

    def print(self, *args, **kwargs):
        return None

    def manual_backward(self, loss, *args, **kwargs):
        backward(loss)

    def toggle_optimizer(self, *args, **kwargs):
        return None

    def untoggle_optimizer(self, *args, **kwargs):
        return None

    def clip_gradients(self, *args, **kwargs):
        guarded("clipped gradients")

    def configure_gradient_clipping(self, *args, **kwargs):
        return None

    def configure_callbacks(self):
        return None

    def configure_optimizers(self):
        return None

    def configure_model(self):
        return None

    def prepare_data(self):
        return None

    def setup(self, stage=None):
        return None

    def teardown(self, stage=None):
        return None

    def on_fit_start(self):
        return None

    def on_train_start(self):
        return None

    def on_train_epoch_start(self):
        return None

    def on_train_batch_start(self, batch, batch_idx):
        return None

    def on_before_zero_grad(self, optimizer):
        return None

    def optimizer_zero_grad(self, epoch, batch_idx, optimizer):
        optimizer.zero_grad()

    def on_before_backward(self, loss):
        return None

    def backward(self, loss, *args, **kwargs):
        backward(loss)

    def on_after_backward(self):
        return None

    def on_before_optimizer_step(self, optimizer):
        return None

    def on_train_batch_end(self, outputs, batch, batch_idx):
        return None

    def training_epoch_end(self, outputs):
        return None

    def on_train_epoch_end(self):
        return None

    def on_train_end(self):
        return None

    def on_validation_model_eval(self):
        self.eval()

    def on_validation_start(self):
        return None

    def on_validation_epoch_start(self):
        return None

    def on_validation_batch_start(self, batch, batch_idx, dataloader_idx=0):
        return None

    def on_validation_batch_end(self, outputs, batch, batch_idx, dataloader_idx=0):
        return None

    def validation_epoch_end(self, outputs):
        return None

    def on_validation_epoch_end(self):
        return None

    def on_validation_end(self):
        return None

    def on_validation_model_train(self):
        self.train()

    def on_test_model_eval(self):
        self.eval()

    def on_test_start(self):
        return None

    def on_test_epoch_start(self):
        return None

    def on_test_batch_start(self, batch, batch_idx, dataloader_idx=0):
        return None

    def on_test_batch_end(self, outputs, batch, batch_idx, dataloader_idx=0):
        return None

    def test_epoch_end(self, outputs):
        return None

    def on_test_epoch_end(self):
        return None

    def on_test_end(self):
        return None

    def on_test_model_train(self):
        self.train()

    def on_fit_end(self):
        return None


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


def optimizers_of(result):
    if result is None:
        return []
    if isinstance(result, dict):
        return [result["optimizer"]]
    if isinstance(result, (list, tuple)):
        if len(result) == 2 and isinstance(result[0], (list, tuple)):
            return list(result[0])
        return [each["optimizer"] if isinstance(each, dict) else each for each in result]
    return [result]


def schedules_of(result):
    if isinstance(result, dict):
        result = [result]
    if not isinstance(result, (list, tuple)):
        return []
    if len(result) == 2 and isinstance(result[1], (list, tuple)):
        made = list(result[1])
    else:
        made = [each["lr_scheduler"] for each in result if isinstance(each, dict) and "lr_scheduler" in each]
    return [each["scheduler"] if isinstance(each, dict) else each for each in made]


LIMITS = (
    "gradient_clip_val",
    "stochastic_weight_avg",
    "fast_dev_run",
    "overfit_batches",
    "limit_train_batches",
    "max_steps",
    "max_time",
    "plugins",
    "resume_from_checkpoint",
)


class Trainer:
    global_step = 0
    current_epoch = 0
    should_stop = False

    def __init__(self, *args, max_epochs=None, callbacks=None, **kwargs):
        self.max_epochs = max_epochs
        self.callbacks = callbacks
        self.settings = kwargs
        self.optimizers = []
        self.schedules = []

    @property
    def world_size(self):
        return processes()

    def fit(self, model, train_dataloaders=None, val_dataloaders=None, datamodule=None, ckpt_path=None):
        if datamodule is not None and hasattr(datamodule, "setup"):
            datamodule.setup("fit")
        model.trainer = self
        model.prepare_data()
        model.setup("fit")
        model.configure_model()
        chosen = model.configure_optimizers()
        self.optimizers = optimizers_of(chosen)
        self.schedules = schedules_of(chosen)
        self.look_for_guards(model, ckpt_path)
        model.on_fit_start()
        model.on_train_start()
        for epoch in endless(anything("the number of an epoch")) if self.max_epochs is None else numbered(self.max_epochs):
            model.train()
            model.on_train_epoch_start()
            for index, batch in enumerate(batches("train_dataloader", model, train_dataloaders, datamodule)):
                model.on_train_batch_start(batch, index)
                loss = model.training_step(batch, index)
                if model.automatic_optimization:
                    self.move(model, loss, epoch, index)
                self.global_step += 1
                model.on_train_batch_end(loss, batch, index)
            self.validate(model, val_dataloaders, datamodule=datamodule)
            model.training_epoch_end(anything("what the steps gave"))
            model.on_train_epoch_end()
            if model.automatic_optimization:
                for schedule in self.schedules:
                    schedule.step()
            self.current_epoch += 1
            if self.should_stop:
                break
        model.on_train_end()
        model.on_fit_end()
        model.teardown("fit")

    def move(self, model, loss, epoch, index):
        for optimizer in self.optimizers:
            model.on_before_zero_grad(optimizer)
            model.optimizer_zero_grad(epoch, index, optimizer)
        model.on_before_backward(loss)
        model.backward(loss)
        model.on_after_backward()
        model.configure_gradient_clipping(anything("an optimizer"))
        for optimizer in self.optimizers:
            model.on_before_optimizer_step(optimizer)
            optimizer.step()

    def look_for_guards(self, model, ckpt_path):
        guarded_by(self.callbacks)
        guarded_by(model.configure_callbacks())
        if len(own_callbacks(self.callbacks)) > 0:
            guarded("a callback")
        for name in LIMITS:
            if self.settings.get(name):
                guarded(name)
        if ckpt_path is not None or hasattr(model, "optimizer_step"):
            guarded("what is not followed")

    def validate(self, model=None, dataloaders=None, ckpt_path=None, verbose=True, datamodule=None):
        if model is not None and hasattr(model, "validation_step"):
            with no_grad():
                model.on_validation_model_eval()
                model.on_validation_start()
                model.on_validation_epoch_start()
                for index, batch in enumerate(batches("val_dataloader", model, dataloaders, datamodule)):
                    model.on_validation_batch_start(batch, index)
                    outputs = model.validation_step(batch, index)
                    model.on_validation_batch_end(outputs, batch, index)
                model.validation_epoch_end(anything("what the steps gave"))
                model.on_validation_epoch_end()
                model.on_validation_end()
                model.on_validation_model_train()

    def test(self, model=None, dataloaders=None, ckpt_path=None, verbose=True, datamodule=None):
        if model is not None and hasattr(model, "test_step"):
            with no_grad():
                model.on_test_model_eval()
                model.on_test_start()
                model.on_test_epoch_start()
                for index, batch in enumerate(batches("test_dataloader", model, dataloaders, datamodule)):
                    model.on_test_batch_start(batch, index)
                    outputs = model.test_step(batch, index)
                    model.on_test_batch_end(outputs, batch, index)
                model.test_epoch_end(anything("what the steps gave"))
                model.on_test_epoch_end()
                model.on_test_end()
                model.on_test_model_train()


class LightningCLI:
    def __init__(self, model_class=None, datamodule_class=None, *args, **kwargs):
        if model_class is not None:
            self.model = model_class()
            Trainer().fit(self.model)


class Fabric:
    def __init__(self, *args, **kwargs):
        self.settings = kwargs

    @property
    def world_size(self):
        return processes()

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

    def no_backward_sync(self, module, enabled=True):
        return nullcontext()

    def autocast(self):
        return nullcontext()

    def clip_gradients(self, module, optimizer, clip_val=None, max_norm=None, **kwargs):
        if clip_val is not None:
            return clip_grad_value_(module.parameters(), clip_val)
        return clip_grad_norm_(module.parameters(), max_norm)

    def print(self, *args, **kwargs):
        return None


class Accelerator:
    def __init__(self, *args, gradient_accumulation_steps=1, gradient_accumulation_plugin=None, **kwargs):
        self.settings = kwargs
        self.gradient_accumulation_steps = gradient_accumulation_steps
        if gradient_accumulation_plugin is not None:
            self.gradient_accumulation_steps = anything("a number of steps")

    @property
    def num_processes(self):
        return processes()

    @property
    def sync_gradients(self):
        return anything("whether gradients are exchanged in this turn")

    def prepare(self, *objects, **kwargs):
        if len(objects) == 1:
            return objects[0]
        return objects

    def prepare_model(self, model, *args, **kwargs):
        return model

    def prepare_optimizer(self, optimizer, *args, **kwargs):
        return optimizer

    def prepare_scheduler(self, scheduler):
        return scheduler

    def prepare_data_loader(self, loader, *args, **kwargs):
        return loader

    def unwrap_model(self, model, *args, **kwargs):
        return model

    def accumulate(self, *models):
        return nullcontext()

    def no_sync(self, model):
        return nullcontext()

    def autocast(self, *args, **kwargs):
        return nullcontext()

    def backward(self, loss, **kwargs):
        if self.gradient_accumulation_steps != 1:
            loss = loss / self.gradient_accumulation_steps
        backward(loss)

    def unscale_gradients(self, optimizer=None):
        if optimizer is not None:
            unscaled(optimizer)

    def clip_grad_norm_(self, parameters, max_norm, norm_type=2):
        return clip_grad_norm_(parameters, max_norm)

    def clip_grad_value_(self, parameters, clip_value):
        clip_grad_value_(parameters, clip_value)

    def gather(self, tensor):
        return tensor

    def gather_for_metrics(self, input_data, use_gather_object=False):
        return input_data

    def reduce(self, tensor, reduction="sum", scale=1.0):
        return tensor

    def wait_for_everyone(self):
        return None

    def print(self, *args, **kwargs):
        return None
