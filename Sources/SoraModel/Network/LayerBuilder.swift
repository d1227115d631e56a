import Neural

/// Adds layers, with their parameters, to a graph. A layer's name is the prefix of its parameters' names.
struct LayerBuilder {
    var graph = Graph()
    /// Batch statistics and dropout are used in training; running statistics otherwise.
    let isTraining: Bool
    var initialization = InitializationStyle.torch
    /// What all names begin with.
    var prefix = ""
    /// Whether the layer or parameter of a name stays as it is in training.
    var isFrozen: (String) -> Bool = { _ in false }

    init(isTraining: Bool) { self.isTraining = isTraining }

    /// What is added from here on belongs to the layer or part of this name.
    mutating func enter(_ name: String) { graph.scope = prefix + name }

    /// A parameter of the network.
    private mutating func parameter(
        _ name: String, _ shape: Shape, initializer: Parameter.Initializer
    ) throws -> Graph.Value {
        let name = prefix + name
        return try graph.parameter(
            Parameter(name, shape, isTrainable: !isFrozen(name), initializer: initializer))
    }

    /// The part of a batch's statistics that enters the running ones (PyTorch's default).
    static let momentum: Float = 0.1

    /// Convolution of `x [batch, height, width, in]` to `out` channels.
    mutating func convolution(
        _ name: String, _ x: Graph.Value, out: Int, kernel: Int, stride: Int = 1, padding: Int = 0, groups: Int = 1,
        bias: Bool = false
    ) throws -> Graph.Value {
        enter(name)
        let channels = graph.shape(x)[3] / max(groups, 1)
        let window = kernel * kernel
        let drawn: Parameter.Initializer =
            initialization == .keras
            ? .glorotUniform(fanIn: channels * window, fanOut: out * window) : .heNormal(fan: out * window)
        let weight = try parameter("\(name).weight", [out, channels, kernel, kernel], initializer: drawn)
        let biasValue = bias ? try parameter("\(name).bias", [out], initializer: .constant(0)) : nil
        return try graph.convolution(
            x, weight: weight, bias: biasValue, stride: Pair(stride), padding: Pair(padding), groups: groups)
    }

    /// Batch normalisation over all axes of `x` but the last.
    mutating func batchNormalization(_ name: String, _ x: Graph.Value) throws -> Graph.Value {
        enter(name)
        let channels = graph.shape(x).dimensions.last ?? 0
        let scale = try parameter("\(name).weight", [channels], initializer: .constant(1))
        let shift = try parameter("\(name).bias", [channels], initializer: .constant(0))
        let full = prefix + name
        let meanState = Parameter("\(full).running_mean", [channels], isTrainable: false, initializer: .constant(0))
        let varianceState = Parameter("\(full).running_var", [channels], isTrainable: false, initializer: .constant(1))
        let runningMean = try graph.parameter(meanState)
        let runningVariance = try graph.parameter(varianceState)
        guard isTraining, !isFrozen(full) else {
            return try graph.batchNormalization(
                x, scale: scale, shift: shift, mean: runningMean, variance: runningVariance)
        }
        let (y, mean, variance) = try graph.batchNormalization(x, scale: scale, shift: shift)
        // The running variance is the unbiased one, as in PyTorch.
        let count = Float(graph.shape(x).elementCount / max(channels, 1))
        let unbiased = Self.momentum * count / max(count - 1, 1)
        try graph.update(
            meanState,
            to: graph.add(
                graph.linear(runningMean, scale: 1 - Self.momentum), graph.linear(mean, scale: Self.momentum)))
        try graph.update(
            varianceState,
            to: graph.add(
                graph.linear(runningVariance, scale: 1 - Self.momentum), graph.linear(variance, scale: unbiased)))
        return y
    }

    /// Convolution without bias, batch normalisation and, unless nil, an activation.
    mutating func normalizedConvolution(
        _ name: String, _ normName: String, _ x: Graph.Value, out: Int, kernel: Int, stride: Int = 1, groups: Int = 1,
        activation: Unary?
    ) throws -> Graph.Value {
        let y = try convolution(name, x, out: out, kernel: kernel, stride: stride, padding: kernel / 2, groups: groups)
        let normalized = try batchNormalization(normName, y)
        return activation.map { graph.unary($0, normalized) } ?? normalized
    }

    /// Dense layer of `x [..., in]` to `out` features.
    mutating func dense(_ name: String, _ x: Graph.Value, out: Int) throws -> Graph.Value {
        enter(name)
        let input = graph.shape(x).dimensions.last ?? 1
        let bound = 1 / Float(input).squareRoot()
        let keras = initialization == .keras
        let weight = try parameter(
            "\(name).weight", [out, input],
            initializer: keras ? .glorotUniform(fanIn: input, fanOut: out) : .uniform(bound: bound))
        let bias = try parameter("\(name).bias", [out], initializer: keras ? .constant(0) : .uniform(bound: bound))
        return try graph.dense(x, weight: weight, bias: bias)
    }
}
