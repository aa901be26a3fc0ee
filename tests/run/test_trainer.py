"""Rates that reach an optimizer through the arguments of a trainer."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from tests.support.projects import Project, check, lines, sources
from trainlint.model import Finding

HEAD = """
import argparse, os, sys
from dataclasses import dataclass, field
import torch, yaml
from torch import nn
from datasets import load_dataset
from peft import LoraConfig, PromptTuningConfig, get_peft_model
from transformers import AutoModelForSequenceClassification, HfArgumentParser
from transformers import Seq2SeqTrainer, Seq2SeqTrainingArguments, Trainer, TrainingArguments
from trl import DPOConfig, DPOTrainer, SFTConfig, SFTTrainer

data = load_dataset("imdb")
model = AutoModelForSequenceClassification.from_pretrained("bert-base-uncased", num_labels=2)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.hidden = nn.Linear(8, 64)
        self.output = nn.Linear(64, 2)

    def forward(self, x=None, labels=None):
        logits = self.output(torch.relu(self.hidden(x)))
        return {"loss": nn.functional.cross_entropy(logits, labels), "logits": logits}


@dataclass
class DataArguments:
    path: str = "imdb"


"""
TRAIN = """
trainer = Trainer(model=model, args=args, train_dataset=data["train"])
trainer.train()
"""
FILES = {"rates.yaml": "lr: 0.5\n", "arguments.yaml": "output_dir: out\nlearning_rate: 0.5\n"}
HIGH, INFO = ["learning-rate-too-high"], ["unbounded-learning-rate"]


def found(setup: str, folder: Path, train: str = TRAIN) -> list[Finding]:
    return check(Project({**FILES, "train.py": HEAD + dedent(setup) + train}), folder)


def rules(setup: str, folder: Path, train: str = TRAIN) -> list[str]:
    return sorted({each.rule for each in found(setup, folder, train)})


@pytest.mark.parametrize(
    "setup",
    [
        'args = TrainingArguments("out", learning_rate=0.5)',
        'args = TrainingArguments("out", learning_rate=5.0, optim="sgd")',
        'args = TrainingArguments("out", learning_rate=0.03, optim="lion_8bit")',
        'args = TrainingArguments("out", learning_rate=0.3, warmup_ratio=0.1, lr_scheduler_type="cosine")',
        'args = TrainingArguments("out", learning_rate=yaml.safe_load(open("rates.yaml"))["lr"])',
        'args = TrainingArguments(**yaml.safe_load(open("arguments.yaml")))',
        '(args,) = HfArgumentParser(TrainingArguments).parse_yaml_file("arguments.yaml")',
        '(args,) = HfArgumentParser(TrainingArguments).parse_dict({"output_dir": "out", "learning_rate": 0.5})',
        'args = TrainingArguments("out")\nargs.learning_rate = 0.5',
        'args = TrainingArguments("out").set_optimizer("adamw_torch", learning_rate=0.5)',
        'model = get_peft_model(model, LoraConfig(r=8))\nargs = TrainingArguments("out", learning_rate=0.5)',
        'model = Net()\nargs = TrainingArguments("out", learning_rate=0.5)',
        """
        @dataclass
        class Arguments(TrainingArguments):
            learning_rate: float = field(default=0.5)

        args = Arguments("out")
        """,
    ],
)
def test_too_high(setup: str, tmp_path: Path) -> None:
    assert rules(setup, tmp_path) == HIGH


@pytest.mark.parametrize(
    "setup",
    [
        'args = TrainingArguments("out")',
        'args = TrainingArguments("out", learning_rate=2e-5, weight_decay=0.01)',
        'args = TrainingArguments("out", learning_rate=0.5, optim="sgd")',
        'args = TrainingArguments("out", learning_rate=0.5, optim="adafactor")',
        'args = TrainingArguments("out", learning_rate=0.5, optim="unheard_of")',
        'model = get_peft_model(model, PromptTuningConfig())\nargs = TrainingArguments("out", learning_rate=0.5)',
        'from somewhere import adapted\nmodel = adapted(model)\nargs = TrainingArguments("out", learning_rate=0.5)',
        "from somewhere import arguments as args",
    ],
)
def test_quiet(setup: str, tmp_path: Path) -> None:
    assert rules(setup, tmp_path) == []


def test_the_places(tmp_path: Path) -> None:
    setup = 'LR = 0.5\nargs = TrainingArguments(\n    "out",\n    learning_rate=LR,\n)\n'
    (one,) = found(setup, tmp_path)
    text = (HEAD + setup + TRAIN).splitlines()
    project = Project({"train.py": HEAD + setup + TRAIN})
    seen = {text[line - 1].strip() for _, line in lines(one, sources(project, tmp_path))}
    assert seen == {"LR = 0.5", "learning_rate=LR,", "trainer.train()"}
    assert one.message.startswith("the learning rate is 0.5; optim.AdamW rarely learns above 0.05")


def test_what_the_user_may_set(tmp_path: Path) -> None:
    parse = "parser = HfArgumentParser((DataArguments, TrainingArguments))\n"
    given = "_, args = parser.parse_args_into_dataclasses()\n"
    assert rules(parse + given, tmp_path) == INFO
    assert rules(parse + given + "if args.learning_rate > 0.01:\n    raise ValueError\n", tmp_path) == []
    either = """
    if sys.argv[1].endswith(".json"):
        _, args = parser.parse_json_file(json_file=os.path.abspath(sys.argv[1]))
    else:
        _, args = parser.parse_args_into_dataclasses()
    """
    assert rules(parse + dedent(either), tmp_path) == INFO
    own = "@dataclass\nclass Arguments(TrainingArguments):\n    learning_rate: float = 0.5\n\n\n"
    (one,) = found(own + "(args,) = HfArgumentParser(Arguments).parse_args_into_dataclasses()\n", tmp_path)
    assert [one.rule, one.related[0].message] == [*HIGH, "the default of --learning-rate"]
    option = "parser = argparse.ArgumentParser()\nparser.add_argument('--lr', type=float, default={})\n"
    option += "args = TrainingArguments('out', learning_rate=parser.parse_args().lr)\n"
    assert rules(option.format(0.5), tmp_path) == HIGH
    assert rules(option.format(1e-4), tmp_path) == INFO


def test_the_other_rules(tmp_path: Path) -> None:
    for rate, wanted in (("-2e-5", "invalid-learning-rate"), ("2e-9", "learning-rate-too-low")):
        setup = f'model = Net()\nargs = TrainingArguments("out", learning_rate={rate})'
        assert rules(setup, tmp_path) == [wanted]
    assert rules('args = TrainingArguments("out", learning_rate=2e-9)', tmp_path) == []  # fine-tuning
    scaled = 'args = TrainingArguments("out", learning_rate=0.02)\nargs.learning_rate *= args.world_size'
    assert rules(scaled, tmp_path) == INFO


def test_an_optimizer_of_its_own(tmp_path: Path) -> None:
    args = 'args = TrainingArguments("out", learning_rate=30.0)\n'
    made = "optimizer = torch.optim.AdamW(model.parameters(), lr={})\n"
    for rate, wanted in ((0.5, HIGH), (1e-5, [])):
        given = TRAIN.replace("args=args", "args=args, optimizers=(optimizer, None)")
        assert rules(args + made.format(rate), tmp_path, given) == wanted
        kind = TRAIN.replace("args=args", f"args=args, optimizer_cls_and_kwargs=(torch.optim.AdamW, dict(lr={rate}))")
        assert rules(args, tmp_path, kind) == wanted
        own = "class Own(Trainer):\n    def create_optimizer(self):\n"
        own += f"        self.optimizer = torch.optim.AdamW(self.model.parameters(), lr={rate})\n\n\n"
        assert rules(args + own, tmp_path, TRAIN.replace("Trainer(", "Own(")) == wanted


@pytest.mark.parametrize(
    ("trainer", "arguments"),
    [
        ("Trainer(model=model, ", "TrainingArguments"),
        ("Trainer(model_init=lambda: AutoModelForSequenceClassification.from_pretrained('x'), ", "TrainingArguments"),
        ("Seq2SeqTrainer(model, ", "Seq2SeqTrainingArguments"),
        ("SFTTrainer('gpt2', ", "SFTConfig"),
        ("SFTTrainer('gpt2', peft_config=LoraConfig(), ", "SFTConfig"),
        ("DPOTrainer(model, None, ", "DPOConfig"),
    ],
)
def test_kinds_of_trainers(trainer: str, arguments: str, tmp_path: Path) -> None:
    train = TRAIN.replace("Trainer(model=model, ", trainer)
    assert rules(f'args = {arguments}("out", learning_rate=0.5)', tmp_path, train) == HIGH
    assert rules(f'args = {arguments}("out")', tmp_path, train) == []


def test_nothing_is_trained_without_train(tmp_path: Path) -> None:
    setup = 'args = TrainingArguments("out", learning_rate=0.5)'
    assert rules(setup, tmp_path, TRAIN.replace("trainer.train()", "trainer.evaluate()")) == []


def test_the_loss_of_a_subclass_is_the_loss(tmp_path: Path) -> None:
    setup = """
    class Own(Trainer):
        def compute_loss(self, model, inputs, return_outputs=False, num_items_in_batch=None):
            labels = inputs.pop("labels")
            outputs = model(**inputs)
            loss = nn.functional.cross_entropy({}, labels)
            return (loss, outputs) if return_outputs else loss

    args = TrainingArguments("out")
    """
    train = TRAIN.replace("Trainer(", "Own(")
    assert rules(setup.format("outputs.logits"), tmp_path, train) == []
    assert rules(setup.format("outputs.logits.softmax(-1)"), tmp_path, train) == ["softmax-before-cross-entropy"]
