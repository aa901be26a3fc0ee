"""Hugging Face: the arguments of a training, and the hooks of a trainer in the order in which it calls them."""

from dataclasses import dataclass

from lion_pytorch import Lion
from torch import no_grad
from torch.optim import SGD, Adagrad, AdamW, RMSprop
from torch.utils.data import DataLoader
from transformers import Adafactor, PreTrainedModel, get_scheduler

from trainlint import anything, as_shipped, backward, count, endless, is_followed, processes

# What `optim` may say, as far as the optimizer's rates are known.
ADAMW = (
    "adamw_hf",
    "adamw_torch",
    "adamw_torch_fused",
    "adamw_torch_xla",
    "adamw_torch_npu_fused",
    "adamw_torch_4bit",
    "adamw_torch_8bit",
    "adamw_apex_fused",
    "adamw_anyprecision",
    "adamw_bnb_8bit",
    "adamw_8bit",
    "paged_adamw",
    "paged_adamw_32bit",
    "paged_adamw_8bit",
    "stable_adamw",
)
LION = ("lion", "lion_8bit", "lion_32bit", "paged_lion", "paged_lion_8bit", "paged_lion_32bit")
RMSPROP = ("rmsprop", "rmsprop_bnb", "rmsprop_bnb_8bit", "rmsprop_bnb_32bit")
KINDS = {
    **{name: AdamW for name in ADAMW},
    **{name: Lion for name in LION},
    **{name: RMSprop for name in RMSPROP},
    "adafactor": Adafactor,
    "adagrad": Adagrad,
    "sgd": SGD,
}


# Arguments ------------------------------------------------------------------------------------------------------------


@dataclass
class TrainingArguments:
    output_dir: str = None
    overwrite_output_dir: bool = False
    do_train: bool = False
    do_eval: bool = False
    do_predict: bool = False
    eval_strategy: str = "no"
    prediction_loss_only: bool = False
    per_device_train_batch_size: int = 8
    per_device_eval_batch_size: int = 8
    gradient_accumulation_steps: int = 1
    learning_rate: float = 5e-5
    weight_decay: float = 0.0
    adam_beta1: float = 0.9
    adam_beta2: float = 0.999
    adam_epsilon: float = 1e-8
    max_grad_norm: float = 1.0
    num_train_epochs: float = 3.0
    max_steps: int = -1
    lr_scheduler_type: str = "linear"
    lr_scheduler_kwargs: dict = None
    warmup_ratio: float = 0.0
    warmup_steps: int = 0
    logging_steps: float = 500
    save_strategy: str = "steps"
    save_steps: float = 500
    eval_steps: float = None
    seed: int = 42
    bf16: bool = False
    fp16: bool = False
    local_rank: int = -1
    run_name: str = None
    remove_unused_columns: bool = True
    load_best_model_at_end: bool = False
    metric_for_best_model: str = None
    greater_is_better: bool = None
    label_smoothing_factor: float = 0.0
    optim: str = "adamw_torch"
    optim_args: str = None
    push_to_hub: bool = False
    resume_from_checkpoint: str = None
    gradient_checkpointing: bool = False

    @property
    def world_size(self):
        return processes()

    @property
    def train_batch_size(self):
        return self.per_device_train_batch_size

    @property
    def eval_batch_size(self):
        return self.per_device_eval_batch_size

    def set_training(self, learning_rate=5e-5, batch_size=8, weight_decay=0.0, num_epochs=3, **kwargs):
        self.learning_rate = learning_rate
        self.weight_decay = weight_decay
        return self

    def set_optimizer(self, name="adamw_torch", learning_rate=5e-5, weight_decay=0.0, **kwargs):
        self.optim = name
        self.learning_rate = learning_rate
        self.weight_decay = weight_decay
        return self


@dataclass
class SFTConfig(TrainingArguments):
    learning_rate: float = 2e-5


@dataclass
class RewardConfig(TrainingArguments):
    learning_rate: float = 1e-4


@dataclass
class PreferenceConfig(TrainingArguments):
    learning_rate: float = 1e-6


# Adapters -------------------------------------------------------------------------------------------------------------


class LoraConfig:
    def __init__(self, *args, **kwargs):
        pass


def get_peft_model(model, peft_config, *args, **kwargs):
    if is_followed(peft_config) and isinstance(peft_config, LoraConfig):
        return model
    return anything("a model of which only some inputs are trained")


# Trainers -------------------------------------------------------------------------------------------------------------


class Trainer:
    def __init__(
        self,
        model=None,
        args=None,
        data_collator=None,
        train_dataset=None,
        eval_dataset=None,
        processing_class=None,
        model_init=None,
        compute_loss_func=None,
        compute_metrics=None,
        callbacks=None,
        optimizers=(None, None),
        optimizer_cls_and_kwargs=None,
        peft_config=None,
        **kwargs,
    ):
        if isinstance(model, str):
            model = PreTrainedModel.from_pretrained(model)
        elif model is None and model_init is not None:
            model = model_init()
        if peft_config is not None:
            model = get_peft_model(model, peft_config)
        self.model = model
        self.args = TrainingArguments() if args is None else args
        self.data_collator = data_collator
        self.train_dataset = train_dataset
        self.eval_dataset = eval_dataset
        self.processing_class = processing_class
        self.compute_loss_func = compute_loss_func
        self.compute_metrics = compute_metrics
        self.optimizer = optimizers[0]
        self.lr_scheduler = optimizers[1]
        self.chosen = optimizer_cls_and_kwargs
        self.label_smoother = None

    def create_optimizer(self, model=None):
        if self.optimizer is None:
            trained = self.model if model is None else model
            if self.chosen is None:
                kind = KINDS[as_shipped(self.args.optim)]
                given = self.args
                self.optimizer = kind(trained.parameters(), lr=given.learning_rate, weight_decay=given.weight_decay)
            else:
                self.optimizer = self.chosen[0](trained.parameters(), **self.chosen[1])
        return self.optimizer

    def create_scheduler(self, num_training_steps, optimizer=None):
        if self.lr_scheduler is None:
            scheduled = self.optimizer if optimizer is None else optimizer
            self.lr_scheduler = get_scheduler(self.args.lr_scheduler_type, scheduled)
        return self.lr_scheduler

    def create_optimizer_and_scheduler(self, num_training_steps):
        self.create_optimizer()
        self.create_scheduler(num_training_steps, self.optimizer)

    def get_train_dataloader(self):
        return batches(self.train_dataset, self.data_collator)

    def get_eval_dataloader(self, eval_dataset=None):
        return batches(self.eval_dataset if eval_dataset is None else eval_dataset, self.data_collator)

    def compute_loss(self, model, inputs, return_outputs=False, num_items_in_batch=None):
        outputs = model(**inputs)
        if self.compute_loss_func is not None:
            loss = self.compute_loss_func(outputs, inputs["labels"], num_items_in_batch=num_items_in_batch)
        else:
            loss = outputs["loss"] if isinstance(outputs, dict) else outputs[0]
        return (loss, outputs) if return_outputs else loss

    def training_step(self, model, inputs, num_items_in_batch=None):
        model.train()
        loss = self.compute_loss(model, inputs)
        backward(loss)
        return loss

    def prediction_step(self, model, inputs, prediction_loss_only=False, ignore_keys=None):
        return self.compute_loss(model, inputs, return_outputs=True)

    def train(self, resume_from_checkpoint=None, trial=None, ignore_keys_for_eval=None, **kwargs):
        self.create_optimizer_and_scheduler(count())
        for inputs in self.get_train_dataloader():
            self.training_step(self.model, inputs)
            self.optimizer.step()
            self.lr_scheduler.step()
            self.model.zero_grad()
        return anything("the result of a training")

    def evaluate(self, eval_dataset=None, ignore_keys=None, metric_key_prefix="eval"):
        self.model.eval()
        with no_grad():
            for inputs in self.get_eval_dataloader(eval_dataset):
                self.prediction_step(self.model, inputs)
        return anything("metrics")

    def predict(self, test_dataset, ignore_keys=None, metric_key_prefix="test"):
        self.evaluate(test_dataset)
        return anything("predictions")

    def add_callback(self, callback):
        return None

    def log(self, logs, *args, **kwargs):
        return None

    def log_metrics(self, split, metrics):
        return None

    def save_metrics(self, split, metrics, combined=True):
        return None

    def save_model(self, *args, **kwargs):
        return None

    def save_state(self):
        return None

    def push_to_hub(self, *args, **kwargs):
        return None

    def create_model_card(self, *args, **kwargs):
        return None

    def is_world_process_zero(self):
        return anything("whether this is the first process")


def batches(dataset, collate):
    if dataset is None:
        return endless(anything("a batch of unknown data"))
    return DataLoader(dataset, collate_fn=collate)


class DPOTrainer(Trainer):
    def __init__(self, model=None, ref_model=None, args=None, data_collator=None, **kwargs):
        super().__init__(model, args, data_collator, **kwargs)


class GRPOTrainer(Trainer):
    def __init__(self, model=None, reward_funcs=None, args=None, **kwargs):
        super().__init__(model, args, **kwargs)
