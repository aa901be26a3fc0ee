"""torch.distributions: a sample has no gradient, a density has that of all parameters."""

import torch


def density(first, second=0, third=0):
    """A number that depends on all of these."""
    return torch.lgamma(first + second + third)


def sampled(first, *others):
    with torch.no_grad():
        return density(first, *others)


class Distribution:
    def log_prob(self, value):
        return density(*self.given, value)

    def entropy(self):
        return density(*self.given)

    def cdf(self, value):
        return density(*self.given, value)

    def sample(self, *args, **kwargs):
        return sampled(*self.given)

    def sample_n(self, n):
        return sampled(*self.given)

    def rsample(self, *args, **kwargs):
        return density(*self.given)

    def expand(self, *args, **kwargs):
        return self


class Choosing(Distribution):
    """Over so many alternatives, of which the last axis of the parameters tells."""

    def __init__(self, probs=None, logits=None, validate_args=None):
        self.logits = torch.log(probs) if logits is None else logits
        self.probs = torch.softmax(logits, -1) if probs is None else probs
        self.given = (self.logits,)

    @property
    def mode(self):
        return torch.argmax(self.probs, -1)


class Categorical(Choosing):
    def sample(self, *args, **kwargs):
        with torch.no_grad():
            return torch.multinomial(self.probs, 1)


class Bernoulli(Distribution):
    def __init__(self, probs=None, logits=None, validate_args=None):
        self.logits = torch.logit(probs) if logits is None else logits
        self.probs = torch.sigmoid(logits) if probs is None else probs
        self.mean = self.probs
        self.given = (self.logits,)

    def sample(self, *args, **kwargs):
        with torch.no_grad():
            return torch.bernoulli(self.probs)


class Located(Distribution):
    def __init__(self, loc, scale, *args, **kwargs):
        self.loc = loc
        self.scale = scale
        self.mean = loc
        self.mode = loc
        self.stddev = scale
        self.variance = scale**2
        self.given = (loc, scale)


class MultivariateNormal(Located):
    def __init__(self, loc, covariance_matrix=None, precision_matrix=None, scale_tril=None, validate_args=None):
        held = precision_matrix if covariance_matrix is None else covariance_matrix
        super().__init__(loc, scale_tril if held is None else held)


class Shaped(Distribution):
    def __init__(self, concentration, *args, **kwargs):
        self.given = (concentration, *args, *kwargs.values())
        self.mean = density(*self.given)


class Independent(Distribution):
    def __init__(self, base_distribution, reinterpreted_batch_ndims, validate_args=None):
        self.base_dist = base_distribution
        self.given = base_distribution.given
        self.mean = base_distribution.mean

    def sample(self, *args, **kwargs):
        return self.base_dist.sample()


def kl_divergence(p, q):
    return density(*p.given, *q.given)
