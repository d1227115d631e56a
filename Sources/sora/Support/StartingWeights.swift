import Neural
import SoraModel

/// Weights of another network with which training starts: torchvision's for a backbone, or an earlier model's.
enum StartingWeights {
    /// Sets the parameters of `model` that the file at `path` has under the same name and in the same shape.
    /// - Returns: a line that says which.
    /// - Throws: `NeuralError` if the file is no safetensors file, `ModelError.file` if nothing in it fits.
    static func load(_ path: String, into model: Model) throws -> String {
        let file = try SafetensorsFile(reading: path)
        var taken = 0
        var fresh: [String] = []
        var misshapen: [String] = []
        for parameter in model.parameters.parameters {
            guard let tensor = file.tensors[parameter.name] else {
                fresh.append(parameter.name)
                continue
            }
            guard tensor.type == TensorType(parameter.shape) else {
                misshapen.append("\(parameter.name) (\(tensor.type) for \(parameter.shape))")
                continue
            }
            try model.parameters.set(parameter.name, to: tensor)
            taken += 1
        }
        let unused = file.names.filter { model.parameters.parameter(named: $0) == nil }
        guard taken > 0 else {
            throw ModelError(
                .file,
                "\(path): none of its \(file.names.count) tensors has the name and shape of one of the network's "
                    + "(\(model.parameters.parameters.prefix(2).map(\.name).joined(separator: ", ")), …). "
                    + "Give weights of the same backbone under torchvision's names, or another --preset")
        }
        var parts = ["\(path): \(taken) of the network's \(model.parameters.parameters.count) tensors taken"]
        if !fresh.isEmpty { parts.append("not in the file: \(some(fresh))") }
        if !misshapen.isEmpty { parts.append("of another shape: \(some(misshapen))") }
        if !unused.isEmpty { parts.append("in the file and not used: \(some(unused))") }
        if fresh.contains(where: { $0.hasSuffix("running_var") }),
            unused.contains(where: { $0.hasSuffix("conv1.bias") })
        {
            parts.append(
                "the file's batch norms are folded into its convolutions: training starts closer to its task "
                    + "from weights with batch norms of their own")
        }
        return parts.joined(separator: "\n  ")
    }

    private static func some(_ names: [String]) -> String {
        names.prefix(4).joined(separator: ", ") + (names.count > 4 ? " and \(names.count - 4) more" : "")
    }
}
