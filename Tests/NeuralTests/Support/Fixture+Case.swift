import Neural
import Testing

extension Fixture {
    /// The fixture as a case that can be run on any backend.
    func operationCase() throws -> OperationCase {
        let sources = try inputs.map { path in
            let name = shortName(path)
            return Source(
                name: name, tensor: try #require(Self.tensors[path]),
                isParameter: attributes.weights?.contains(name) ?? false,
                isDifferentiable: gradients?[path] != nil)
        }
        let constant = Set(outputs.indices.filter { cotangents?[outputs[$0]] == nil })
        return OperationCase(name: name, sources: try classesAsRows(sources), constantOutputs: constant) {
            graph, values in
            try build(&graph, values)
        }
    }

    /// The case with its gradients, for the cotangents that PyTorch was given.
    func differentiated() throws -> DifferentiatedCase {
        var given: [Int: Tensor] = [:]
        for (index, output) in outputs.enumerated() {
            given[index] = cotangents?[output].flatMap { Fixture.tensors[$0] }
        }
        return try operationCase().differentiated(cotangents: given)
    }

    /// What follows the case's name in a tensor's.
    func shortName(_ path: String) -> String { String(path.dropFirst(name.count + 1)) }

    /// Labels as rows of zeros and a one.
    private func classesAsRows(_ sources: [Source]) throws -> [Source] {
        guard op == "softmaxCrossEntropy", let logits = sources.first(where: { $0.name == "logits" }) else {
            return sources
        }
        return try sources.map { source in
            guard source.name == "labels" else { return source }
            let classes = logits.tensor.shape[1]
            let rows = source.tensor.floats.flatMap { label in (0..<classes).map { Float($0) == label ? Float(1) : 0 } }
            return Source(name: "labels", tensor: try Tensor(logits.tensor.shape, rows), isDifferentiable: false)
        }
    }

    private func build(_ graph: inout Graph, _ values: [String: Graph.Value]) throws -> [Graph.Value] {
        func value(_ name: String) throws -> Graph.Value { try #require(values[name], "no input \(name)") }
        func pair(_ numbers: [Int]?, _ other: Int) -> Pair {
            numbers.map { Pair(height: $0[0], width: $0[1]) } ?? Pair(other)
        }
        let a = attributes
        let (stride, padding) = (pair(a.stride, 1), pair(a.padding, 0))
        switch op {
        case "convolution":
            return [
                try graph.convolution(
                    value("x"), weight: value("weight"), bias: values["bias"], stride: stride, padding: padding,
                    dilation: pair(a.dilation, 1), groups: a.groups ?? 1)
            ]
        case "transposedConvolution":
            return [
                try graph.transposedConvolution(
                    value("x"), weight: value("weight"), bias: values["bias"], stride: stride, padding: padding,
                    outputPadding: pair(a.outputPadding, 0), dilation: pair(a.dilation, 1), groups: a.groups ?? 1)
            ]
        case "batchNormalization": return try batchNormalization(&graph, value)
        case "layerNormalization":
            return [
                try graph.layerNormalization(
                    value("x"), scale: value("scale"), shift: value("shift"), epsilon: a.epsilon ?? 1e-5)
            ]
        case "maxPooling", "averagePooling":
            let kind: Pooling.Kind =
                op == "maxPooling" ? .maximum : a.includesPadding == true ? .averageIncludingPadding : .average
            return [
                try graph.pooling(kind, value("x"), kernel: pair(a.kernel, 1), stride: stride, padding: padding)
            ]
        case "globalAveragePooling": return [try graph.reduce(.mean, value("x"), axes: [1, 2])]
        case "globalMaxPooling": return [try graph.reduce(.maximum, value("x"), axes: [1, 2])]
        case "upsample":
            return [
                try graph.upsample(a.mode == "nearest" ? .nearest : .bilinear, value("x"), factor: pair(a.scale, 1))
            ]
        case "dense": return [try graph.dense(value("x"), weight: value("weight"), bias: values["bias"])]
        case "matmul": return [try graph.matmul(value("left"), value("right"))]
        case "add": return [try graph.add(value("left"), value("right"))]
        case "subtract": return [try graph.subtract(value("left"), value("right"))]
        case "multiply": return [try graph.multiply(value("left"), value("right"))]
        case "dropout": return [try graph.multiply(value("x"), value("mask"))]
        case "concat":
            return [try graph.concatenate(inputs.map { try value(shortName($0)) }, axis: a.axis ?? 0)]
        case "slice":
            var x = try value("x")
            for (axis, (start, end)) in zip(a.starts ?? [], a.ends ?? []).enumerated() {
                x = try graph.slice(x, axis: axis, start..<end)
            }
            return [x]
        case "reshape": return [try graph.reshape(value("x"), Shape(a.shape ?? []))]
        case "transpose": return [try graph.transpose(value("x"), a.permutation ?? [])]
        case "relu": return [graph.relu(try value("x"))]
        case "relu6": return [graph.unary(.relu6, try value("x"))]
        case "gelu": return [graph.unary(.gelu, try value("x"))]
        case "silu": return [graph.unary(.silu, try value("x"))]
        case "sigmoid": return [graph.sigmoid(try value("x"))]
        case "tanh": return [graph.tanh(try value("x"))]
        case "softmax": return [graph.softmax(try value("x"))]
        case "logSoftmax": return [graph.logSoftmax(try value("x"))]
        case "l2Normalization": return [try graph.normalizeLength(value("x"))]
        case "mean", "sum", "max":
            let reduction: Reduction = op == "mean" ? .mean : op == "sum" ? .sum : .maximum
            return [try graph.reduce(reduction, value("x"), axes: a.axes ?? [], keepsAxes: a.keepsAxes ?? false)]
        case "gru": return try gru(&graph, value)
        default: return [try loss(&graph, values, value)]
        }
    }

    private func batchNormalization(
        _ graph: inout Graph, _ value: (String) throws -> Graph.Value
    ) throws -> [Graph.Value] {
        let x = try value("x")
        let (scale, shift, epsilon) = (try value("scale"), try value("shift"), attributes.epsilon ?? 1e-5)
        let (mean, variance) = (try value("runningMean"), try value("runningVariance"))
        guard attributes.training == true else {
            return [
                try graph.batchNormalization(
                    x, scale: scale, shift: shift, mean: mean, variance: variance, epsilon: epsilon)
            ]
        }
        let result = try graph.batchNormalization(x, scale: scale, shift: shift, epsilon: epsilon)
        let momentum = attributes.momentum ?? 0.1
        // PyTorch keeps a running variance divided by the count less one.
        let count = Float(graph.shape(x).elementCount / graph.shape(scale).elementCount)
        func running(_ old: Graph.Value, _ new: Graph.Value, _ factor: Float) throws -> Graph.Value {
            try graph.add(graph.linear(old, scale: 1 - momentum), graph.linear(new, scale: momentum * factor))
        }
        return [
            result.y, try running(mean, result.mean, 1), try running(variance, result.variance, count / (count - 1)),
        ]
    }

    private func gru(_ graph: inout Graph, _ value: (String) throws -> Graph.Value) throws -> [Graph.Value] {
        let hidden = attributes.hiddenSize ?? 0
        let bidirectional = attributes.bidirectional ?? false
        let states = (attributes.layers ?? 1) * (bidirectional ? 2 : 1)
        let x = try value("x")
        let batch = graph.shape(x)[0]
        var initial: [Graph.Value]?
        if inputs.contains("\(name)/h0") {
            let all = try value("h0")
            initial = try (0..<states).map { state in
                try graph.reshape(graph.slice(all, axis: 0, state..<state + 1), [batch, hidden])
            }
        }
        let lengths = inputs.contains("\(name)/lengths") ? try value("lengths") : nil
        let result = try graph.recurrentStack(
            x, hidden: hidden, layers: attributes.layers ?? 1, bidirectional: bidirectional, name: "",
            initial: initial, lengths: lengths)
        let stacked = try graph.concatenate(result.last.map { try graph.reshape($0, [1, batch, hidden]) }, axis: 0)
        return [result.y, stacked]
    }

    private func loss(
        _ graph: inout Graph, _ values: [String: Graph.Value], _ value: (String) throws -> Graph.Value
    ) throws -> Graph.Value {
        let loss =
            switch op {
            case "softmaxCrossEntropy":
                try graph.softmaxCrossEntropy(
                    value("logits"), targets: value("labels"), classWeights: values["classWeights"],
                    labelSmoothing: attributes.labelSmoothing ?? 0, sampleWeight: values["sampleWeight"])
            case "sigmoidCrossEntropy":
                try graph.sigmoidCrossEntropy(
                    value("logits"), targets: value("targets"), positiveWeight: values["positiveWeight"],
                    sampleWeight: values["sampleWeight"])
            case "meanSquaredError":
                try graph.meanSquaredError(value("x"), target: value("target"), sampleWeight: values["sampleWeight"])
            case "meanAbsoluteError":
                try graph.meanAbsoluteError(value("x"), target: value("target"), sampleWeight: values["sampleWeight"])
            case "infoNCE":
                try graph.infoNCE(
                    value("left"), value("right"), temperature: attributes.temperature ?? 0,
                    negatives: values["negatives"], bias: values["bias"], sampleWeight: values["sampleWeight"])
            default: throw NeuralError(.unsupported, "no builder for \(op)")
            }
        return try graph.reshape(loss, [1])
    }
}
