"""Collects test cases: named float32 tensors, and a JSON line that says what each case does with them."""

import json
import pathlib

import numpy
import torch
from safetensors.numpy import save_file

torch.set_default_dtype(torch.float64)


def rounded(tensor):
    """The nearest float32 values, still as float64: what the reader of the fixture will start from."""
    return tensor.detach().to(torch.float32).to(torch.float64)


class Recorder:
    """Random inputs from one seed, expected outputs and gradients computed in float64."""

    def __init__(self, seed):
        self.generator = torch.Generator().manual_seed(seed)
        self.tensors = {}
        self.cases = []

    def normal(self, *shape, scale=1.0):
        return rounded(torch.randn(shape, generator=self.generator) * scale)

    def uniform(self, *shape, low=0.0, high=1.0):
        return rounded(torch.rand(shape, generator=self.generator) * (high - low) + low)

    def clear_of(self, tensor, *kinks, margin=0.05):
        """Moves values that lie near a kink away from it, so that finite differences across it stay valid too."""
        for kink in kinks:
            side = torch.where(tensor >= kink, 1.0, -1.0)
            tensor = torch.where((tensor - kink).abs() < margin, kink + side * margin, tensor)
        return rounded(tensor)

    def store(self, name, tensor):
        array = tensor.detach().contiguous().numpy()
        wanted = numpy.int32 if array.dtype.kind == "i" else numpy.float32
        assert name not in self.tensors, name
        self.tensors[name] = array.astype(wanted)
        return name

    def case(self, name, operation, inputs, function, outputs=("y",), attributes=None, constants=()):
        """Runs `function(**inputs)`, and records it with the gradient of sum(output * cotangent).

        inputs: name to tensor, in the operation's order; integers and the names in `constants` get no gradient.
        outputs: names of what `function` returns; a name in `constants` gets no cotangent.
        """
        inputs = {k: rounded(v) if v.dtype.is_floating_point else v for k, v in inputs.items()}
        wanted = [k for k, v in inputs.items() if v.dtype.is_floating_point and k not in constants]
        leaves = {k: v.clone().requires_grad_(k in wanted) for k, v in inputs.items()}
        results = function(**leaves)
        results = results if isinstance(results, tuple) else (results,)
        assert len(results) == len(outputs), name
        total, cotangents = 0.0, {}
        for key, result in zip(outputs, results):
            if key in constants:
                continue
            cotangent = self.normal(*result.shape)
            total = total + (result * cotangent).sum()
            cotangents[key] = cotangent
        gradients = torch.autograd.grad(total, [leaves[k] for k in wanted]) if wanted else ()
        self.cases.append({
            "name": name,
            "op": operation,
            "attributes": attributes or {},
            "inputs": [self.store(f"{name}/{k}", v) for k, v in inputs.items()],
            "outputs": [self.store(f"{name}/{k}", v) for k, v in zip(outputs, results)],
            "cotangents": {f"{name}/{k}": self.store(f"{name}/{k}.cotangent", v) for k, v in cotangents.items()},
            "gradients": {
                f"{name}/{k}": self.store(f"{name}/{k}.gradient", v) for k, v in zip(wanted, gradients)},
        })

    def plain(self, name, operation, inputs, outputs, attributes):
        """Records values as they are, for what has no gradient."""
        self.cases.append({
            "name": name,
            "op": operation,
            "attributes": attributes,
            "inputs": [self.store(f"{name}/{k}", v) for k, v in inputs.items()],
            "outputs": [self.store(f"{name}/{k}", v) for k, v in outputs.items()],
        })

    def write(self, stem, header):
        """Writes `stem`.safetensors and `stem`.json, one case a line."""
        save_file(self.tensors, f"{stem}.safetensors")
        pathlib.Path(f"{stem}.safetensors").chmod(0o644)
        lines = ",\n".join("    " + json.dumps(case) for case in self.cases)
        head = "".join(f"  {json.dumps(k)}: {json.dumps(v)},\n" for k, v in header.items())
        pathlib.Path(f"{stem}.json").write_text("{\n" + head + '  "cases": [\n' + lines + "\n  ]\n}\n")
        size = pathlib.Path(f"{stem}.safetensors").stat().st_size
        print(f"{stem.name}: {len(self.cases)} cases, {len(self.tensors)} tensors, {size} bytes")
