public import Neural

/// Weights of another network with which training starts: torchvision's for a backbone, or an earlier model's.
public struct StartingWeights: Sendable {
    /// The file.
    public let path: String
    /// How many tensors the network has.
    public let total: Int
    /// The network's tensors that the file has under the same name and in the same shape.
    public private(set) var taken: [String] = []
    /// Batch normalisations that the file has folded into the convolution before: they begin as that convolution's bias.
    public private(set) var folded: [String] = []
    /// The network's tensors that the file does not have: they stay as they were drawn.
    public private(set) var fresh: [String] = []
    /// The network's tensors that the file has in another shape.
    public private(set) var misshapen: [String] = []
    /// The network's tensors with a row for each class, which the file has for other classes: they stay as they were drawn.
    public private(set) var foreign: [String] = []
    /// The file's tensors that the network has no place for.
    public private(set) var unused: [String] = []
    /// The network's tensors that begin as the file has them.
    public private(set) var begun: Set<String> = []

    /// Sets the parameters of `model` that a file has. A motion stream takes those of its own names where the
    /// file has them, else those of the frames' stream. What decides between classes is taken where the file's model has
    /// the same classes, in whatever order.
    ///
    /// A batch normalisation that the file does not have, while it has a bias for the convolution before, was folded
    /// into it: statistics 0 and 1, scale `sqrt(1 + epsilon)` and the bias as shift give the same results as long as it
    /// uses running statistics, which it does in inference and where it is frozen.
    /// - Parameter path: what the file is called.
    /// - Throws: `ModelError.file` if nothing in it fits.
    public init(_ file: SafetensorsFile, path: String, into model: Model) throws {
        self.path = path
        let parameters = model.parameters
        var used: Set<String> = []
        func tensor(_ name: String) -> Tensor? {
            let plain = name.hasPrefix(Backbone.motionPrefix) ? name.dropFirst(Backbone.motionPrefix.count) : name[...]
            let found = file.tensors[name] != nil ? name : String(plain)
            if file.tensors[found] != nil { used.insert(found) }
            return file.tensors[found]
        }
        total = parameters.parameters.count
        var set: Set<String> = []
        for pair in try model.network.normalizedConvolutions() {
            guard let weight = parameters.parameter(named: pair.weight),
                tensor(pair.weight)?.type == TensorType(weight.shape),
                let bias = tensor(pair.bias), let scale = parameters.parameter(named: pair.scale),
                bias.type == TensorType(scale.shape), tensor(pair.scale) == nil
            else { continue }
            let count = scale.shape.elementCount
            func fill(_ name: String, _ value: Float) throws {
                try parameters.set(name, to: Tensor(scale.shape, [Float](repeating: value, count: count)))
            }
            try fill(pair.scale, (1 + pair.epsilon).squareRoot())
            try parameters.set(pair.shift, to: bias)
            try fill(pair.mean, 0)
            try fill(pair.variance, 1)
            set.formUnion([pair.scale, pair.shift, pair.mean, pair.variance])
            folded.append(pair.scale.hasSuffix(".weight") ? String(pair.scale.dropLast(7)) : pair.scale)
        }
        let labels = try? ModelFile.configuration(file.metadata, path: path).labels
        let order = labels.flatMap { Self.order(of: model.configuration.labels, among: $0) }
        for parameter in parameters.parameters where !set.contains(parameter.name) {
            guard let tensor = tensor(parameter.name) else {
                fresh.append(parameter.name)
                continue
            }
            guard tensor.type == TensorType(parameter.shape) else {
                misshapen.append("\(parameter.name) (\(tensor.type) for \(parameter.shape))")
                continue
            }
            guard !parameter.name.hasPrefix("head.") || labels == nil || order != nil else {
                foreign.append(parameter.name)
                continue
            }
            let own = try parameter.name.hasPrefix("head.") ? tensor.rows(order) : tensor
            try parameters.set(parameter.name, to: own)
            taken.append(parameter.name)
        }
        unused = file.names.filter { !used.contains($0) }
        begun = set.union(taken)
        guard !taken.isEmpty else {
            throw ModelError(
                .file,
                "\(path): none of its \(file.names.count) tensors has the name and shape of one of the network's "
                    + "(\(parameters.parameters.prefix(2).map(\.name).joined(separator: ", ")), …). "
                    + "Give weights of the same backbone under torchvision's names, or another --preset")
        }
    }

    /// Where each of `labels` is among others; nil where those are not the same ones.
    private static func order(of labels: [String], among others: [String]) -> [Int]? {
        guard labels.count == others.count else { return nil }
        let order = labels.compactMap { others.firstIndex(of: $0) }
        return order.count == labels.count ? order : nil
    }

    /// Sets the parameters of `model` that the file at `path` has, as above.
    /// - Throws: `ModelError.file` also if it is no safetensors file.
    public init(reading path: String, into model: Model) throws {
        let file: SafetensorsFile
        do {
            file = try SafetensorsFile(reading: path)
        } catch let error as NeuralError {
            throw ModelError(.file, "\(error). Give weights as a safetensors file that you may read")
        }
        try self.init(file, path: path, into: model)
    }

    /// What matched and what did not, a line each.
    public var report: String {
        var parts = ["\(path): \(taken.count) of the network's \(total) tensors taken"]
        if !folded.isEmpty {
            parts.append("batch norms folded into convolutions, taken from their biases: \(Self.some(folded))")
        }
        if !fresh.isEmpty { parts.append("not in the file: \(Self.some(fresh))") }
        if !misshapen.isEmpty { parts.append("of another shape: \(Self.some(misshapen))") }
        if !foreign.isEmpty { parts.append("of other classes, and so not taken: \(Self.some(foreign))") }
        if !unused.isEmpty { parts.append("in the file and not used: \(Self.some(unused))") }
        return parts.joined(separator: "\n  ")
    }

    private static func some(_ names: [String]) -> String {
        names.prefix(4).joined(separator: ", ") + (names.count > 4 ? " and \(names.count - 4) more" : "")
    }
}

extension Tensor {
    /// The rows at the places of `order`, where there are as many of them.
    fileprivate func rows(_ order: [Int]?) throws -> Tensor {
        guard let order, elementType == .float32, shape.rank > 0, shape[0] == order.count else { return self }
        let (floats, size) = (floats, shape.elementCount / order.count)
        return try Tensor(shape, order.flatMap { floats[$0 * size..<($0 + 1) * size] })
    }
}

extension SoraNetwork {
    /// The names of a convolution's weight, of its bias, if it had one, and of the batch normalisation after it.
    fileprivate struct NormalizedConvolution {
        var weight, bias, scale, shift, mean, variance: String
        var epsilon: Float
    }

    fileprivate func normalizedConvolutions() throws -> [NormalizedConvolution] {
        let graph = try frameGraph(count: 1, isTraining: false).graph
        return graph.nodes.compactMap { node in
            guard case .batchNormalizationInference(let epsilon) = node.operation else { return nil }
            let convolution = graph.nodes[node.inputs[0].node]
            let names = node.inputs.dropFirst().compactMap { graph.parameterName($0) }
            guard case .convolution = convolution.operation, let weight = graph.parameterName(convolution.inputs[1]),
                weight.hasSuffix(".weight"), names.count == 4
            else { return nil }
            return NormalizedConvolution(
                weight: weight, bias: weight.dropLast(6) + "bias", scale: names[0], shift: names[1], mean: names[2],
                variance: names[3], epsilon: epsilon)
        }
    }
}

extension Graph {
    /// The name of the parameter that a value is.
    fileprivate func parameterName(_ value: Value) -> String? {
        guard case .parameter(let name) = nodes[value.node].operation else { return nil }
        return name
    }
}
