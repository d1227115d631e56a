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
    /// - Parameters: as of `SafetensorsFile.Contents.match`.
    /// - Throws: `NeuralError.format`, naming the file and the first five faults.
    @discardableResult
    public func load(from file: SafetensorsFile, prefix: String = "", strict: Bool = true) throws -> ParameterMatch {
        let match = try file.contents.match(parameters, prefix: prefix, strict: strict)
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
