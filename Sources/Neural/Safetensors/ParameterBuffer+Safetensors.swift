/// How the tensors of a weight file and a network's parameters went together.
public struct ParameterMatch: Sendable, Equatable {
    /// Parameters that were set, in storage order.
    public var loaded: [String]
    /// Parameters that the file does not have, in storage order. They keep their values.
    public var missing: [String]
    /// Tensors of the file that the network does not have, in file order.
    public var extra: [String]

    public init(loaded: [String] = [], missing: [String] = [], extra: [String] = []) {
        self.loaded = loaded
        self.missing = missing
        self.extra = extra
    }
}

extension ParameterBuffer {
    /// Sets the parameters from the tensors of `file`. All or none: on an error nothing has changed.
    ///
    /// - Parameters:
    ///   - prefix: what stands before a parameter's name in the file; tensors without it are not looked at.
    ///   - strict: the file must hold exactly the parameters. Otherwise missing and extra ones are reported in the
    ///     result; a tensor of another shape or element type is an error always.
    /// - Throws: `NeuralError.format`, naming the file and the first five faults.
    @discardableResult
    public func load(from file: SafetensorsFile, prefix: String = "", strict: Bool = true) throws -> ParameterMatch {
        var match = ParameterMatch()
        var faults: [String] = []
        for parameter in parameters {
            let name = SafetensorsFile.shown(prefix + parameter.name)
            let expected = TensorType(parameter.shape)
            guard let tensor = file.tensors[prefix + parameter.name] else {
                match.missing.append(parameter.name)
                if strict { faults.append("tensor \(name) is missing: expected \(expected), found none") }
                continue
            }
            match.loaded.append(parameter.name)
            if tensor.type != expected {
                faults.append("tensor \(name): expected \(expected), found \(tensor.type)")
            }
        }
        for name in file.names where name.hasPrefix(prefix) {
            let own = String(name.dropFirst(prefix.count))
            guard parameter(named: own) == nil, let tensor = file.tensors[name] else { continue }
            match.extra.append(own)
            if strict {
                faults.append(
                    "tensor \(SafetensorsFile.shown(name)) is not the network's: expected none, found \(tensor.type)")
            }
        }
        guard faults.isEmpty else {
            let more = faults.count > 5 ? "; and \(faults.count - 5) more" : ""
            throw NeuralError(
                .format,
                "\(file.path ?? "the file") does not fit the network: " + faults.prefix(5).joined(separator: "; ")
                    + more)
        }
        for name in match.loaded {
            if let tensor = file.tensors[prefix + name] { try set(name, to: tensor) }
        }
        return match
    }

    /// Copies of all parameters, by name, each name behind `prefix`.
    public func tensors(prefix: String = "") throws -> [String: Tensor] {
        var tensors: [String: Tensor] = [:]
        for parameter in parameters { tensors[prefix + parameter.name] = try tensor(parameter.name) }
        return tensors
    }

    /// Writes all parameters to a safetensors file, safely.
    /// - Throws: `NeuralError.file` if it cannot be written.
    public func save(to path: String, metadata: [String: String] = [:]) throws {
        try SafetensorsFile(tensors: tensors(), metadata: metadata).write(to: path)
    }
}
