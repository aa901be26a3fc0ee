"""What all frameworks call by different names: something with weights that maps tensors to tensors."""


class Network:
    pass
