import argparse
import os


def rate(text):
    """Accepts 3e-4 as well as 1/4096."""
    numerator, _, denominator = text.partition("/")
    value = float(numerator) / float(denominator or 1)
    if not 0 < value <= 0.01:
        raise argparse.ArgumentTypeError(f"{text!r} is no usable learning rate")
    return value


def parse(argv=None):
    parser = argparse.ArgumentParser(description="Speaker age from embeddings")
    parser.add_argument("--train", default="train.npz")
    parser.add_argument("--valid", default="valid.npz")
    parser.add_argument("--epochs", type=int, default=30)
    parser.add_argument("--batch-size", type=int, default=128)
    parser.add_argument("--lr", type=rate, default=os.environ.get("SPEAKER_LR", "3e-4"))
    return parser.parse_args(argv)
