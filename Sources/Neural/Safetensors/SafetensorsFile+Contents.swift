extension SafetensorsFile {
    /// What a file holds, without the numbers: enough to tell whether they are a network's before memory is asked for.
    public struct Contents: Sendable {
        /// Free text beside the tensors.
        public let metadata: [String: String]
        /// The tensors' shapes and the element types they have once they are read, by name.
        public let types: [String: TensorType]
        /// The tensors' names, in the order of their data.
        public let names: [String]
        /// The file, for errors; nil for one in memory.
        public let path: String?
    }

    /// What it holds.
    public var contents: Contents {
        Contents(metadata: metadata, types: tensors.mapValues(\.type), names: names, path: path)
    }
}

extension SafetensorsFile.Contents {
    /// The same without the tensors whose names begin with `prefix`.
    public func leavingOut(prefix: String) -> SafetensorsFile.Contents {
        SafetensorsFile.Contents(
            metadata: metadata, types: types.filter { !$0.key.hasPrefix(prefix) },
            names: names.filter { !$0.hasPrefix(prefix) }, path: path)
    }

    /// How the tensors go together with a network's parameters.
    ///
    /// - Parameters:
    ///   - prefix: what stands before a parameter's name in the file; tensors without it are not looked at.
    ///   - strict: the file must hold exactly the parameters. Otherwise missing and extra ones are reported in the
    ///     result; a tensor of another shape or element type is an error always.
    /// - Throws: `NeuralError.format`, naming the file and the first five faults.
    @discardableResult
    public func match(
        _ parameters: [Parameter], prefix: String = "", strict: Bool = true
    ) throws -> ParameterMatch {
        var match = ParameterMatch()
        var faults: [String] = []
        for parameter in parameters.filter(\.isTrainable) + parameters.filter({ !$0.isTrainable }) {
            let name = SafetensorsFile.shown(prefix + parameter.name)
            let expected = TensorType(parameter.shape)
            guard let found = types[prefix + parameter.name] else {
                match.missing.append(parameter.name)
                if strict { faults.append("tensor \(name) is missing: expected \(expected), found none") }
                continue
            }
            match.loaded.append(parameter.name)
            if found != expected { faults.append("tensor \(name): expected \(expected), found \(found)") }
        }
        let known = Set(parameters.map(\.name))
        for name in names where name.hasPrefix(prefix) {
            let own = String(name.dropFirst(prefix.count))
            guard !known.contains(own), let found = types[name] else { continue }
            match.extra.append(own)
            if strict {
                faults.append(
                    "tensor \(SafetensorsFile.shown(name)) is not the network's: expected none, found \(found)")
            }
        }
        guard faults.isEmpty else {
            let more = faults.count > 5 ? "; and \(faults.count - 5) more" : ""
            throw NeuralError(
                .format,
                "\(path ?? "the file") does not fit the network: " + faults.prefix(5).joined(separator: "; ") + more)
        }
        return match
    }
}
