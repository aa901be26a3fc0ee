import random

import torch
import torch.nn as nn
import torch.nn.functional as F

from rnn import RNN

ALPHABET = "abcdefghijklmnopqrstuvwxyz"
LANGUAGES = {
    "italian": ("aeiolnrt", ("ini", "etti", "elli")),
    "polish": ("wzkyojrc", ("ski", "czyk", "wicz")),
    "german": ("hemscrbu", ("mann", "berg", "er")),
}
CATEGORIES = list(LANGUAGES)


def make_name(language):
    letters, endings = LANGUAGES[language]
    stem = "".join(random.choice(letters) for _ in range(random.randint(2, 5)))
    return stem + random.choice(endings)


def name_to_tensor(name):
    index = torch.tensor([ALPHABET.index(c) for c in name])
    return F.one_hot(index, len(ALPHABET)).float().unsqueeze(1)


def random_example(names):
    category = random.choice(CATEGORIES)
    name = random.choice(names[category])
    return torch.tensor([CATEGORIES.index(category)]), name_to_tensor(name)


def read_name(rnn, line):
    hidden = rnn.init_hidden()
    for letter in line:
        output, hidden = rnn(letter, hidden)
    return output


def train_one(rnn, category, line, criterion, optimizer):
    optimizer.zero_grad()
    output = read_name(rnn, line)
    loss = criterion(output, category)
    loss.backward()
    optimizer.step()
    return loss.item()


def main():
    random.seed(0)
    torch.manual_seed(0)
    unique = {c: sorted({make_name(c) for _ in range(600)}) for c in CATEGORIES}
    for names in unique.values():
        random.shuffle(names)
    train_names = {c: names[:-50] for c, names in unique.items()}
    test_names = {c: names[-50:] for c, names in unique.items()}

    rnn = RNN(len(ALPHABET), 64, len(CATEGORIES))
    optimizer = torch.optim.SGD(rnn.parameters(), lr=0.01, momentum=0.9)
    recent = 0.0
    for i in range(1, 8001):
        recent += train_one(rnn, *random_example(train_names), criterion=nn.NLLLoss(), optimizer=optimizer)
        if i % 1000 == 0:
            print(i, recent / 1000)
            recent = 0.0

    correct = 0
    with torch.no_grad():
        for c, names in test_names.items():
            for name in names:
                correct += read_name(rnn, name_to_tensor(name)).argmax(dim=1).item() == CATEGORIES.index(c)
    print("accuracy", correct / sum(len(v) for v in test_names.values()))


if __name__ == "__main__":
    main()
