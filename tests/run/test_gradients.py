"""Gradients: where they end, which weights they reach, and whether these are the ones that are stepped."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.run.programs import rules

HEAD = """\
import copy
import torch
import torchvision
import torch.nn.functional as F
from torch import nn

batches = torch.load("batches.pt")


class Net(nn.Module):
    def __init__(self, features=8, units=3):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(features, 32), nn.ReLU())
        self.fc = nn.Linear(32, units)

    def forward(self, x):
        return self.fc(self.body(x))

"""
MADE = "model = Net()\n"
STEP = """
for x, y in batches:
    optimizer.zero_grad()
    loss = F.cross_entropy(model(x), y)
    loss.backward()
    optimizer.step()
"""
LOSS = """
model = Net()
optimizer = torch.optim.Adam(model.parameters(), lr=0.001)
for x, y in batches:
    optimizer.zero_grad()
    loss = LOSS
    loss.backward()
    optimizer.step()
"""

CUT = {
    "the number of a loss, as a tensor again": "torch.tensor(F.mse_loss(model(x), y).item(), requires_grad=True)",
    "a loss, as a new tensor": "torch.tensor(F.mse_loss(model(x), y), requires_grad=True)",
    "float()": "torch.tensor(float(F.mse_loss(model(x), y)), requires_grad=True)",
    "data": "torch.autograd.Variable(F.mse_loss(model(x), y).data, requires_grad=True)",
    "detach": "F.mse_loss(model(x).detach(), y).requires_grad_()",
    "numpy": "F.mse_loss(torch.from_numpy(model(x).detach().numpy()).requires_grad_(), y)",
    "argmax": "F.mse_loss(model(x).argmax(1).float(), y).requires_grad_()",
    "round": "F.mse_loss(torch.round(model(x)), y)",
    "a comparison": "((model(x) > 0.5).float() - y).pow(2).mean().requires_grad_()",
    "whole numbers": "F.mse_loss(model(x).long().float(), y)",
    "in the middle": "F.mse_loss(model.fc(model.body(x).detach()), y)",
    "a stack of detached ones": "torch.stack([F.mse_loss(model(each), y).detach() for each in (x, x + 1)]).mean().requires_grad_()",
}
KEPT = {
    "straight through": "F.mse_loss(model(x) + (torch.round(model(x)) - model(x)).detach(), y)",
    "a target": "F.mse_loss(model(x), model(x + 1).detach())",
    "scaled by itself": "F.mse_loss(model(x), y) / F.mse_loss(model(x), y).item()",
    "a mask": "((model(x).argmax(1) == y).float() * F.cross_entropy(model(x), y, reduction='none')).mean()",
}
DETACHED = {
    "a layer is replaced": """
optimizer = torch.optim.Adam(model.parameters(), lr=0.001)
model.fc = nn.Linear(32, 3)
""",
    "the layer that is stepped is replaced": """
optimizer = torch.optim.SGD(model.fc.parameters(), lr=0.1)
model.fc = nn.Linear(32, 3)
""",
    "a layer is appended": """
model = nn.Sequential(model)
optimizer = torch.optim.Adam(model.parameters(), lr=0.001)
model.append(nn.Linear(3, 3))
""",
    "a layer is added by name": """
model = nn.Sequential(model)
optimizer = torch.optim.Adam(model.parameters(), lr=0.001)
model.add_module('out', nn.Linear(3, 3))
""",
    "the head of a library's network": """
model = torchvision.models.resnet18()
optimizer = torch.optim.Adam(model.parameters(), lr=0.001)
model.fc = nn.Linear(512, 3)
""",
    "the network is made anew": """
optimizer = torch.optim.Adam(model.parameters(), lr=0.001)
model = Net()
""",
    "another network": """
other = Net()
optimizer = torch.optim.Adam(other.parameters())
""",
    "a copy": """
other = copy.deepcopy(model)
optimizer = torch.optim.Adam(other.parameters())
""",
    "a generator that was counted": """
heads = (p for p in model.fc.parameters())
print(sum(p.numel() for p in heads))
optimizer = torch.optim.Adam([{'params': heads, 'lr': 0.01}, {'params': model.body.parameters()}], lr=0.001)
""",
    "a filter that was counted": """
trained = filter(lambda p: p.requires_grad, list(model.parameters()))
print(len(list(trained)))
optimizer = torch.optim.Adam(trained)
""",
    "a chain that was gone through": """
import itertools
both = itertools.chain(model.body.parameters(), model.fc.parameters())
for p in both:
    nn.init.normal_(p, std=0.01)
optimizer = torch.optim.Adam(both)
""",
    "a generator by name that was printed": """
biases = (p for name, p in model.named_parameters() if 'bias' in name)
others = (p for name, p in model.named_parameters() if 'bias' not in name)
print(*(p.shape for p in biases))
optimizer = torch.optim.AdamW([{'params': biases, 'weight_decay': 0.0}, {'params': others}])
""",
    "all frozen one by one": """
for p in model.parameters():
    p.requires_grad = False
optimizer = torch.optim.Adam(model.parameters(), lr=0.001)
""",
    "all frozen by name": """
for name, p in model.named_parameters():
    p.requires_grad_(False)
optimizer = torch.optim.Adam(model.parameters(), lr=0.001)
""",
    "all frozen at once": """
model.requires_grad_(False)
optimizer = torch.optim.Adam(model.parameters(), lr=0.001)
""",
    "nothing passes the filter": """
for p in model.parameters():
    p.requires_grad = False
optimizer = torch.optim.Adam(filter(lambda p: p.requires_grad, model.parameters()))
""",
    "nothing passes the comprehension": """
model.requires_grad_(False)
optimizer = torch.optim.Adam([p for p in model.parameters() if p.requires_grad])
""",
    "what is stepped is frozen": """
for p in model.body.parameters():
    p.requires_grad = False
optimizer = torch.optim.Adam(model.body.parameters())
""",
    "counted before": """
parameters = model.parameters()
print(sum(p.numel() for p in parameters))
optimizer = torch.optim.Adam(parameters)
""",
    "counted after a filter": """
parameters = filter(lambda p: p.requires_grad, model.parameters())
print(len(list(parameters)))
optimizer = torch.optim.Adam(parameters)
""",
}
HELD = {
    "a group is added": """
optimizer = torch.optim.Adam(model.parameters(), lr=0.001)
model.fc = nn.Linear(32, 3)
optimizer.add_param_group({'params': model.fc.parameters()})
""",
    "a new head on what is frozen": """
for p in model.parameters():
    p.requires_grad = False
model.fc = nn.Linear(32, 3)
optimizer = torch.optim.Adam(model.parameters(), lr=0.001)
""",
    "a filter that leaves the head": """
for p in model.body.parameters():
    p.requires_grad = False
optimizer = torch.optim.Adam([p for p in model.parameters() if p.requires_grad])
""",
    "frozen by a part of the name": """
for name, p in model.named_parameters():
    if 'fc' not in name:
        p.requires_grad = False
optimizer = torch.optim.Adam(model.parameters(), lr=0.001)
""",
    "thawed again": """
model.requires_grad_(False)
for p in model.fc.parameters():
    p.requires_grad = True
optimizer = torch.optim.Adam(model.parameters(), lr=0.001)
""",
    "thawed by something unknown": """
from somewhere import thaw
model.requires_grad_(False)
thaw(model)
optimizer = torch.optim.Adam(model.parameters(), lr=0.001)
""",
    "groups that are lists by now": """
groups = [{'params': (p for p in model.body.parameters())}, {'params': model.fc.parameters()}]
torch.optim.SGD(groups, lr=0.1)
optimizer = torch.optim.Adam(groups, lr=0.001)
""",
    "generators, each made anew": """
def heads():
    return (p for p in model.fc.parameters())
print(sum(p.numel() for p in heads()))
optimizer = torch.optim.Adam([{'params': heads()}, {'params': model.body.parameters()}], lr=0.001)
""",
    "a filter on a list that was counted": """
held = [p for p in model.parameters()]
print(sum(p.numel() for p in held))
optimizer = torch.optim.Adam(filter(lambda p: p.requires_grad, held), lr=0.001)
""",
    "a list is no iterator": """
parameters = list(model.parameters())
print(sum(p.numel() for p in parameters))
optimizer = torch.optim.Adam(parameters)
""",
    "an average that is frozen": """
optimizer = torch.optim.Adam(model.parameters(), lr=0.001)
average = copy.deepcopy(model)
for p in average.parameters():
    p.requires_grad_(False)
""",
    "moved and wrapped": """
optimizer = torch.optim.Adam(model.parameters(), lr=0.001)
model = nn.DataParallel(torch.compile(model.cuda()))
""",
    "a head of a library's network": """
model = torchvision.models.resnet18()
for p in model.parameters():
    p.requires_grad = False
model.fc = nn.Linear(512, 3)
optimizer = torch.optim.Adam(model.fc.parameters())
""",
    "frozen on one path": """
if torch.load('flag.pt'):
    model.requires_grad_(False)
optimizer = torch.optim.Adam(model.parameters(), lr=0.001)
""",
}
SOUND = {
    "a target network by copy": """
class Byol(nn.Module):
    def __init__(self, net):
        super().__init__()
        self.online = net
        self.predictor = nn.Linear(3, 3)
        self.target = None
    def _target(self):
        if self.target is None:
            self.target = copy.deepcopy(self.online)
            for p in self.target.parameters():
                p.requires_grad = False
        return self.target
    def update(self):
        for a, b in zip(self.online.parameters(), self.target.parameters()):
            b.data = 0.99 * b.data + 0.01 * a.data
    def forward(self, x, z):
        p = self.predictor(self.online(x))
        with torch.no_grad():
            t = self._target()(z)
            t.detach_()
        return F.mse_loss(p, t.detach())
model = Byol(Net())
model(torch.randn(2, 8), torch.randn(2, 8))
opt = torch.optim.Adam(model.parameters(), lr=1e-3)
for x, z in batches:
    loss = model(x, z)
    opt.zero_grad()
    loss.backward()
    opt.step()
    model.update()
""",
    "a target network by state": """
class Byol(nn.Module):
    def __init__(self):
        super().__init__()
        self.online = Net()
        self.target = Net()
        self.target.load_state_dict(self.online.state_dict())
        self.predictor = nn.Linear(3, 3)
    @torch.no_grad()
    def update(self):
        for a, b in zip(self.online.parameters(), self.target.parameters()):
            b.data.mul_(0.99).add_(a.data, alpha=0.01)
    def forward(self, x, z):
        return F.mse_loss(self.predictor(self.online(x)), self.target(z).detach())
model = Byol()
opt = torch.optim.Adam(model.parameters(), lr=1e-3)
for x, z in batches:
    loss = model(x, z)
    opt.zero_grad()
    loss.backward()
    opt.step()
    model.update()
""",
    "a target network by hand": """
class Byol(nn.Module):
    def __init__(self):
        super().__init__()
        self.online = Net()
        self.target = Net()
        for a, b in zip(self.online.parameters(), self.target.parameters()):
            b.data.copy_(a.data)
        self.predictor = nn.Linear(3, 3)
    def forward(self, x, z):
        return F.mse_loss(self.predictor(self.online(x)), self.target(z).detach())
    def update(self):
        for a, b in zip(self.online.parameters(), self.target.parameters()):
            b.data = b.data * 0.99 + a.data * 0.01
model = Byol()
opt = torch.optim.Adam(model.parameters(), lr=1e-3)
for x, z in batches:
    loss = model(x, z)
    opt.zero_grad()
    loss.backward()
    opt.step()
    model.update()
""",
    "an advantage": """
class AC(nn.Module):
    def __init__(self):
        super().__init__()
        self.base = nn.Linear(4, 32)
        self.pi = nn.Linear(32, 2)
        self.v = nn.Linear(32, 1)
    def forward(self, s):
        h = F.relu(self.base(s))
        return F.softmax(self.pi(h), dim=-1), self.v(h)
model = AC()
opt = torch.optim.Adam(model.parameters(), lr=3e-2)
import gym
env = gym.make('CartPole')
for ep in range(1000):
    s, _ = env.reset()
    saved, rewards = [], []
    for t in range(1000):
        probs, value = model(torch.from_numpy(s).float())
        m = torch.distributions.Categorical(probs)
        a = m.sample()
        saved.append((m.log_prob(a), value))
        s, r, done, _, _ = env.step(a.item())
        rewards.append(r)
        if done:
            break
    pl, vl = [], []
    for (lp, v), R in zip(saved, rewards):
        adv = R - v.item()
        pl.append(-lp * adv)
        vl.append(F.smooth_l1_loss(v, torch.tensor([R])))
    opt.zero_grad()
    loss = torch.stack(pl).sum() + torch.stack(vl).sum()
    loss.backward()
    opt.step()
""",
    "two phases": """
model = Net()
for p in model.body.parameters():
    p.requires_grad = False
opt = torch.optim.Adam(model.fc.parameters(), lr=1e-3)
def train(opt):
    for x, y in batches:
        opt.zero_grad()
        F.cross_entropy(model(x), y).backward()
        opt.step()
train(opt)
for p in model.parameters():
    p.requires_grad = True
opt = torch.optim.Adam(model.parameters(), lr=1e-4)
train(opt)
""",
    "a network in two parts": """
client, server = nn.Linear(8, 16), nn.Linear(16, 3)
a = torch.optim.SGD(client.parameters(), lr=0.1)
b = torch.optim.SGD(server.parameters(), lr=0.1)
for x, y in batches:
    a.zero_grad()
    b.zero_grad()
    out = client(x)
    h = out.detach().requires_grad_()
    F.cross_entropy(server(h), y).backward()
    out.backward(h.grad)
    b.step()
    a.step()
""",
    "an image": """
import torchvision
vgg = torchvision.models.vgg19(weights='DEFAULT').features.eval()
for p in vgg.parameters():
    p.requires_grad_(False)
img = torch.rand(1, 3, 64, 64, requires_grad=True)
target = vgg(torch.load('i.pt')).detach()
opt = torch.optim.Adam([img], lr=0.02)
for i in range(100):
    opt.zero_grad()
    F.mse_loss(vgg(img), target).backward()
    opt.step()
""",
    "a head that is not used": """
class Net(nn.Module):
    def __init__(self, i=8, o=3):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(i, 32), nn.ReLU())
        self.aux = nn.Linear(32, 3)
        self.fc = nn.Linear(32, o)
    def forward(self, x):
        return self.fc(self.body(x))

model = Net()
opt = torch.optim.Adam(model.parameters())
for x, y in batches:
    opt.zero_grad()
    F.cross_entropy(model(x), y).backward()
    opt.step()
""",
    "Gumbel": """
enc, dec = Net(8, 4), Net(4, 8)
opt = torch.optim.Adam(list(enc.parameters()) + list(dec.parameters()))
for x in batches:
    soft = F.softmax(enc(x), dim=1)
    hard = F.one_hot(soft.argmax(1), 4).float()
    z = (hard - soft).detach() + soft
    opt.zero_grad()
    F.mse_loss(dec(z), x).backward()
    opt.step()
""",
    "a codebook": """
class VQ(nn.Module):
    def __init__(self):
        super().__init__()
        self.enc = nn.Linear(8, 4)
        self.book = nn.Embedding(16, 4)
        self.dec = nn.Linear(4, 8)
    def forward(self, x):
        z = self.enc(x)
        d = (z.pow(2).sum(1, keepdim=True) - 2 * z @ self.book.weight.t() + self.book.weight.pow(2).sum(1))
        q = self.book(d.argmin(1))
        loss = F.mse_loss(q, z.detach()) + 0.25 * F.mse_loss(q.detach(), z)
        q = z + (q - z).detach()
        return self.dec(q), loss
m = VQ()
opt = torch.optim.Adam(m.parameters())
for x in batches:
    opt.zero_grad()
    r, l = m(x)
    (F.mse_loss(r, x) + l).backward()
    opt.step()
""",
    "stages": """
model = nn.Sequential(nn.Linear(8, 32), nn.ReLU())
for stage in range(3):
    model.append(nn.Linear(32, 32))
    opt = torch.optim.Adam(model.parameters())
    for x, y in batches:
        opt.zero_grad()
        F.mse_loss(model(x), y).backward()
        opt.step()
""",
    "a probe": """
model = Net()
probe = nn.Linear(32, 5)
opt = torch.optim.Adam(model.parameters())
opt2 = torch.optim.Adam(probe.parameters())
for x, y, z in batches:
    opt.zero_grad()
    opt2.zero_grad()
    F.cross_entropy(model(x), y).backward()
    F.cross_entropy(probe(model.body(x).detach()), z).backward()
    opt.step()
    opt2.step()
""",
    "an embedding that was loaded": """
class M(nn.Module):
    def __init__(self):
        super().__init__()
        self.emb = nn.Embedding.from_pretrained(torch.load('e.pt'), freeze=True)
        self.fc = nn.Linear(300, 2)
    def forward(self, x):
        return self.fc(self.emb(x).mean(1).detach())
m = M()
opt = torch.optim.Adam(m.parameters())
for x, y in batches:
    opt.zero_grad()
    F.cross_entropy(m(x), y).backward()
    opt.step()
""",
    "detached in the first turns": """
model = Net()
opt = torch.optim.Adam(model.parameters())
warm = True
for step, (x, y) in enumerate(batches):
    opt.zero_grad()
    h = model.body(x)
    if step < 100:
        h = h.detach()
    F.cross_entropy(model.fc(h), y).backward()
    opt.step()
""",
    "detached on demand": """
import argparse
p = argparse.ArgumentParser()
p.add_argument('--freeze', action='store_true')
args = p.parse_args()
model = Net()
opt = torch.optim.Adam(model.parameters())
for step, (x, y) in enumerate(batches):
    opt.zero_grad()
    h = model.body(x)
    if args.freeze:
        h = h.detach()
    F.cross_entropy(model.fc(h), y).backward()
    opt.step()
""",
    "adapters": """
class Lora(nn.Module):
    def __init__(self, base, r=4):
        super().__init__()
        self.base = base
        for p in self.base.parameters():
            p.requires_grad = False
        self.A = nn.Parameter(torch.randn(r, base.in_features) * 0.01)
        self.B = nn.Parameter(torch.zeros(base.out_features, r))
    def forward(self, x):
        return self.base(x) + x @ self.A.T @ self.B.T
model = nn.Sequential(nn.Linear(8, 32), nn.ReLU(), nn.Linear(32, 3))
model.requires_grad_(False)
for i in (0, 2):
    model[i] = Lora(model[i])
opt = torch.optim.AdamW([p for p in model.parameters() if p.requires_grad], lr=1e-3)
for x, y in batches:
    opt.zero_grad()
    F.cross_entropy(model(x), y).backward()
    opt.step()
""",
    "an adversarial pair in Lightning": """
import pytorch_lightning as pl
class GAN(pl.LightningModule):
    def __init__(self):
        super().__init__()
        self.automatic_optimization = False
        self.G, self.D = Net(8, 4), Net(4, 1)
    def training_step(self, batch, i):
        g, d = self.optimizers()
        x, _ = batch
        fake = self.G(torch.randn(4, 8))
        dl = F.binary_cross_entropy_with_logits(self.D(fake.detach()), torch.zeros(4, 1)) + F.binary_cross_entropy_with_logits(self.D(x), torch.ones(4, 1))
        d.zero_grad(); self.manual_backward(dl); d.step()
        gl = F.binary_cross_entropy_with_logits(self.D(fake), torch.ones(4, 1))
        g.zero_grad(); self.manual_backward(gl); g.step()
    def configure_optimizers(self):
        return torch.optim.Adam(self.G.parameters()), torch.optim.Adam(self.D.parameters())
pl.Trainer().fit(GAN(), batches)
""",
    "a network of values": """
class Agent(nn.Module):
    def __init__(self):
        super().__init__()
        self.q = Net()
        self.t = Net()
        self.t.load_state_dict(self.q.state_dict())
a = Agent()
opt = torch.optim.Adam(a.parameters())
for s, r, n in batches:
    y = r + 0.9 * a.t(n).max(1)[0].detach()
    opt.zero_grad()
    F.mse_loss(a.q(s).max(1)[0], y).backward()
    opt.step()
""",
    "samples of an energy": """
energy = Net(8, 1)
opt = torch.optim.Adam(energy.parameters())
for x in batches:
    z = torch.randn_like(x).requires_grad_()
    for _ in range(10):
        g = torch.autograd.grad(energy(z).sum(), z)[0]
        z = (z - 0.1 * g).detach().requires_grad_()
    opt.zero_grad()
    (energy(x).mean() - energy(z.detach()).mean()).backward()
    opt.step()
""",
    "several optimizers": """
students = [Net() for _ in range(3)]
opts = [torch.optim.Adam(s.parameters()) for s in students]
for x, y in batches:
    for s, o in zip(students, opts):
        o.zero_grad()
        F.cross_entropy(s(x), y).backward()
        o.step()
""",
}
KERAS = """\
import keras
import numpy as np
import tensorflow as tf
from keras import layers

x, y = np.load("x.npy"), np.load("y.npy")
model = keras.Sequential([layers.Dense(32, activation="relu"), layers.Dense(10)])
other = keras.Sequential([layers.Dense(10)])
optimizer = keras.optimizers.Adam(0.001)
criterion = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
data = tf.data.Dataset.from_tensor_slices((x, y)).batch(32)
"""
IN_KERAS = {
    "after the tape": (
        """
for a, b in data:
    with tf.GradientTape() as tape:
        pred = model(a)
    loss = criterion(b, pred)
    grads = tape.gradient(loss, model.trainable_variables)
    optimizer.apply_gradients(zip(grads, model.trainable_variables))
""",
        ["detached-loss"],
    ),
    "numpy": (
        """
for a, b in data:
    with tf.GradientTape() as tape:
        loss = criterion(b, model(a).numpy())
    grads = tape.gradient(loss, model.trainable_variables)
    optimizer.apply_gradients(zip(grads, model.trainable_variables))
""",
        ["detached-loss"],
    ),
    "stop_gradient": (
        """
for a, b in data:
    with tf.GradientTape() as tape:
        loss = criterion(b, tf.stop_gradient(model(a)))
    grads = tape.gradient(loss, model.trainable_variables)
    optimizer.apply_gradients(zip(grads, model.trainable_variables))
""",
        ["detached-loss"],
    ),
    "argmax": (
        """
for a, b in data:
    with tf.GradientTape() as tape:
        p = tf.cast(tf.argmax(model(a), axis=1), tf.float32)
        loss = tf.reduce_mean(tf.square(p - tf.cast(b, tf.float32)))
    grads = tape.gradient(loss, model.trainable_variables)
    optimizer.apply_gradients(zip(grads, model.trainable_variables))
""",
        ["detached-loss"],
    ),
    "a loss that counts": (
        """
def acc(y_true, y_pred):
    return tf.reduce_mean(tf.cast(tf.argmax(y_pred, -1) != tf.cast(y_true, tf.int64), tf.float32))
model.compile(optimizer=optimizer, loss=acc)
model.fit(x, y, epochs=3)
""",
        ["detached-loss"],
    ),
    "another network": (
        """
for a, b in data:
    with tf.GradientTape() as tape:
        loss = criterion(b, model(a))
    grads = tape.gradient(loss, other.trainable_variables)
    optimizer.apply_gradients(zip(grads, other.trainable_variables))
""",
        ["detached-optimizer"],
    ),
    "all frozen": (
        """
model.trainable = False
model.compile(optimizer=optimizer, loss=criterion)
model.fit(x, y, epochs=3)
""",
        ["detached-optimizer"],
    ),
    "each layer frozen": (
        """
for layer in model.layers:
    layer.trainable = False
model.compile(optimizer='adam', loss=criterion)
model.fit(x, y, epochs=3)
""",
        ["detached-optimizer"],
    ),
    "a loop": (
        """
for a, b in data:
    with tf.GradientTape() as tape:
        loss = criterion(b, model(a))
    grads = tape.gradient(loss, model.trainable_variables)
    optimizer.apply_gradients(zip(grads, model.trainable_variables))
""",
        [],
    ),
    "one layer frozen": (
        """
model.layers[0].trainable = False
model.compile(optimizer=optimizer, loss=criterion)
model.fit(x, y, epochs=3)
""",
        [],
    ),
    "a base that is frozen": (
        """
base = keras.applications.ResNet50(include_top=False)
base.trainable = False
i = keras.Input((224, 224, 3))
m = keras.Model(i, layers.Dense(10)(layers.GlobalAveragePooling2D()(base(i))))
m.compile(optimizer=optimizer, loss=criterion)
m.fit(x, y)
""",
        [],
    ),
}


def found(program: str, folder: Path) -> list[str]:
    return sorted(
        {rule for rule in rules(program, folder) if rule.startswith("detached") or rule == "missing-backward"}
    )


@pytest.mark.parametrize("name", CUT)
def test_a_cut_is_found(name: str, tmp_path: Path) -> None:
    assert found(HEAD + LOSS.replace("LOSS", CUT[name]), tmp_path) == ["detached-loss"]


@pytest.mark.parametrize("name", KEPT)
def test_what_is_reached_otherwise_is_not_cut(name: str, tmp_path: Path) -> None:
    assert found(HEAD + LOSS.replace("LOSS", KEPT[name]), tmp_path) == []


@pytest.mark.parametrize("name", DETACHED)
def test_an_optimizer_of_other_weights_is_found(name: str, tmp_path: Path) -> None:
    assert found(HEAD + MADE + DETACHED[name] + STEP, tmp_path) == ["detached-optimizer"]


@pytest.mark.parametrize("name", HELD)
def test_an_optimizer_of_the_trained_weights_is_not(name: str, tmp_path: Path) -> None:
    assert found(HEAD + MADE + HELD[name] + STEP, tmp_path) == []


@pytest.mark.parametrize("name", SOUND)
def test_gradients_that_end_on_purpose(name: str, tmp_path: Path) -> None:
    assert found(HEAD + SOUND[name], tmp_path) == []


@pytest.mark.parametrize("name", IN_KERAS)
def test_keras(name: str, tmp_path: Path) -> None:
    program, expected = IN_KERAS[name]
    assert found(KERAS + program, tmp_path) == expected


@pytest.mark.parametrize(
    ("term", "wanted"),
    [
        ("0.1 * (out > 0).float().mean()", ["detached-loss"]),
        ("0.1 * out.abs().mean()", []),
        ("0.1 * (out.abs() * (out > 0).float()).mean()", []),
        ("0.1 * out.detach().mean()", []),
        ("(out > 0).float().mean() - out.sigmoid().mean().detach() + out.sigmoid().mean()", []),
        ("(out > 0).float().mean() + (out.sigmoid().mean() - out.sigmoid().mean().detach())", []),
    ],
)
def test_terms_that_move_nothing(term: str, wanted: list[str], tmp_path: Path) -> None:
    body = LOSS.replace("loss = LOSS", f"out = model(x)\n    loss = F.cross_entropy(out, y) + {term}")
    assert found(HEAD + body, tmp_path) == wanted


@pytest.mark.parametrize(
    ("asked", "wanted"),
    [
        ("model.count_params()", ["detached-loss"]),
        ("sum(layer.count_params() for layer in model.layers)", ["detached-loss"]),
        ("model.to_json()", ["detached-loss"]),
        ("model.compute_output_shape((None, 8))", ["detached-loss"]),
        ("model.export('served')", ["detached-loss"]),
        ("somewhere.train(model)", []),
    ],
)
def test_what_keras_is_asked_trains_nothing(asked: str, wanted: list[str], tmp_path: Path) -> None:
    program, _ = IN_KERAS["stop_gradient"]
    assert found(f"import somewhere\n{KERAS}{program}print({asked})\n", tmp_path) == wanted


DISTILLED = """
class Distillation:
    def __init__(self, teacher, student):
        self.teacher, self.student = teacher, student
        self.optimizer = keras.optimizers.Adam(0.001)

    def step(self, a):
        with tf.GradientTape() as tape:
            wanted, got = WANTED, GOT
            loss = keras.losses.Huber()(wanted, got)
        weights = self.student.trainable_variables
        self.optimizer.apply_gradients(zip(tape.gradient(loss, weights), weights))

other.compile(optimizer="adam", loss=criterion)
other.fit(x, y, epochs=3)
distillation = Distillation(other, model)
for a, b in data:
    distillation.step(a)
print(f"{model.count_params()} weights")
"""


@pytest.mark.parametrize(
    ("teacher", "student", "wanted"),
    [
        ("self.teacher(a)", "tf.stop_gradient(self.student(a))", ["detached-loss"]),
        ("self.teacher(a)", "keras.ops.stop_gradient(self.student(a, training=True))", ["detached-loss"]),
        ("tf.stop_gradient(self.teacher(a))", "self.student(a)", []),
        ("self.teacher(a)", "self.student(a)", []),
        ("tf.stop_gradient(self.student(a))", "self.student(a)", []),
    ],
)
def test_a_student_learns_from_its_own_output(teacher: str, student: str, wanted: list[str], tmp_path: Path) -> None:
    program = DISTILLED.replace("WANTED", teacher).replace("GOT", student)
    assert found(KERAS + program, tmp_path) == wanted
