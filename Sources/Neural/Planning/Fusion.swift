/// Rewrites that give the same numbers with fewer passes over memory.
///
/// The graph is written anew, node by node; where a node completes a pattern, one node takes the pattern's place and
/// what it replaces is left without consumers.
package struct Fusion {
    private let old: Graph
    /// How many nodes and outputs use each value.
    private let uses: [Graph.Value: Int]
    /// The ReLUs that nobody but a normalisation of a batch of images feeds, by what feeds them.
    private let activations: [Graph.Value: Int]
    private let live: [Bool]
    private var new: Graph
    private var renamed: [Graph.Value: Graph.Value] = [:]
    /// For each result of a normalisation with a ReLU, in terms of the new graph, what that lets through.
    private var windows: [Graph.Value: Graph.Value] = [:]

    /// Applies all rewrites. Returns the graph, and the outputs in its terms.
    package static func apply(_ graph: Graph, _ outputs: [GraphOutput]) throws -> (Graph, [GraphOutput]) {
        var fusion = Fusion(graph, outputs)
        for node in graph.nodes.indices where fusion.live[node] { try fusion.rewrite(node) }
        let renamed = outputs.map { GraphOutput(fusion.renamed[$0.value] ?? $0.value, $0.destination) }
        return (fusion.new, renamed)
    }

    private init(_ graph: Graph, _ outputs: [GraphOutput]) {
        old = graph
        live = Constants.live(graph, outputs)
        uses = Constants.uses(graph, outputs, live: live)
        var activations: [Graph.Value: Int] = [:]
        for node in graph.nodes.indices where live[node] {
            let input = graph.nodes[node].inputs.first
            guard case .unary(.relu) = graph.nodes[node].operation, let input, uses[input] == 1,
                case .batchNormalization = graph.nodes[input.node].operation, graph.shape(input).rank == 4
            else { continue }
            activations[input] = node
        }
        self.activations = activations
        new = graph
        new.nodes = []
    }

    private mutating func rewrite(_ index: Int) throws {
        let node = old.nodes[index]
        new.scope = node.label
        let inputs = node.inputs.map { renamed[$0] ?? $0 }
        let values: [Graph.Value]
        if let first = node.inputs.first, activations[first] == index {
            values = [inputs[0]]
        } else {
            values =
                try normalization(index, node, inputs) ?? fused(node, inputs).map { [$0] }
                ?? new.append(node.operation, inputs, node.outputs)
        }
        for (output, value) in values.enumerated() { renamed[Graph.Value(node: index, output: output)] = value }
    }

    /// A normalisation in training takes the ReLU after it along, and the gradients of both are one step too.
    private mutating func normalization(
        _ index: Int, _ node: Graph.Node, _ inputs: [Graph.Value]
    ) -> [Graph.Value]? {
        switch node.operation {
        case .batchNormalization(let epsilon) where activations[Graph.Value(node: index, output: 0)] != nil:
            let window = TensorType(node.outputs[0].shape, .int32)
            let outputs = new.append(.batchNormalizationReLU(epsilon: epsilon), inputs, node.outputs + [window])
            windows[outputs[0]] = outputs[3]
            return outputs
        case .batchNormalizationGradient(let epsilon):
            let before = old.nodes[node.inputs[1].node]
            guard case .unaryGradient(.relu) = before.operation, uses[node.inputs[1]] == 1,
                let y = renamed[before.inputs[0]], let window = windows[y],
                new.nodes[y.node].inputs[0] == inputs[0], let dy = renamed[before.inputs[1]]
            else { return nil }
            var operands = inputs
            operands[1] = dy
            return new.append(.batchNormalizationReLUGradient(epsilon: epsilon), operands + [window], node.outputs)
        default: return nil
        }
    }

    /// What takes the place of `node`, if it completes a pattern.
    private mutating func fused(_ node: Graph.Node, _ inputs: [Graph.Value]) throws -> Graph.Value? {
        switch node.operation {
        case .unary(let function): activation(function, node, inputs)
        case .binary(.add): residual(node, inputs)
        case .batchNormalizationInference(let epsilon): try folded(epsilon, node, inputs)
        case .unaryGradient(let function): beforePooling(function, node, inputs)
        default: nil
        }
    }

    /// The convolution that made `value`, if nobody else wants its result and it has no activation yet.
    private func convolution(_ value: Graph.Value, _ renamed: Graph.Value) -> (Convolution, Graph.Node)? {
        guard uses[value] == 1, case .convolution(let c) = new.nodes[renamed.node].operation, c.activation == nil else {
            return nil
        }
        return (c, new.nodes[renamed.node])
    }

    /// An activation is applied as the convolution stores its result. Its gradient asks for the output only, so this
    /// is right in training as well.
    private mutating func activation(
        _ function: Unary, _ node: Graph.Node, _ inputs: [Graph.Value]
    ) -> Graph.Value? {
        guard case (var c, let source)? = convolution(node.inputs[0], inputs[0]) else { return nil }
        if case .linear = function { return nil }
        c.activation = function
        return new.append(.convolution(c), source.inputs, node.outputs[0])
    }

    /// A sum with a convolution's result is taken as it is stored, where neither of the two is repeated.
    private mutating func residual(_ node: Graph.Node, _ inputs: [Graph.Value]) -> Graph.Value? {
        guard inputs.allSatisfy({ new.shape($0) == node.outputs[0].shape }) else { return nil }
        for (side, other) in [(0, 1), (1, 0)] {
            guard case (var c, let source)? = convolution(node.inputs[side], inputs[side]), !c.addsResidual else {
                continue
            }
            c.addsResidual = true
            return new.append(.convolution(c), source.inputs + [inputs[other]], node.outputs[0])
        }
        return nil
    }

    /// A normalisation with given statistics is a factor and a shift for each channel: the factor goes into the
    /// convolution's weights, which are prepared once, the shift into its bias.
    private mutating func folded(
        _ epsilon: Float, _ node: Graph.Node, _ inputs: [Graph.Value]
    ) throws -> Graph.Value? {
        guard case (var c, let source)? = convolution(node.inputs[0], inputs[0]), !c.addsResidual else { return nil }
        let (scale, shift, mean, variance) = (inputs[1], inputs[2], inputs[3], inputs[4])
        let inverse = new.unary(.reciprocalSquareRoot, new.linear(variance, scale: 1, shift: epsilon))
        let factor = try new.multiply(scale, inverse)
        let weights = source.inputs[1]
        let weight = try new.multiply(weights, new.reshape(factor, [new.shape(factor)[0], 1, 1, 1]))
        let centre = c.hasBias ? try new.subtract(source.inputs[2], mean) : new.linear(mean, scale: -1)
        let bias = try new.add(shift, new.multiply(centre, factor))
        c.hasBias = true
        return new.append(.convolution(c), [source.inputs[0], weight, bias], node.outputs[0])
    }

    /// The gradient of an activation behind a maximum pooling, taken before the pooling's instead of after.
    ///
    /// The pooled number *is* the activation's output at the place where the gradient goes, so both orders give the
    /// same; but this one runs over the pooled image, and the image before it need not be kept.
    private mutating func beforePooling(
        _ function: Unary, _ node: Graph.Node, _ inputs: [Graph.Value]
    ) -> Graph.Value? {
        guard function.gradientUsesOutput, uses[node.inputs[1]] == 1,
            case .poolingGradient(let pooling, let shape) = old.nodes[node.inputs[1].node].operation,
            pooling.kind == .maximum
        else { return nil }
        let gradient = old.nodes[node.inputs[1].node]
        let window = gradient.inputs[1]
        guard old.nodes[window.node].inputs.first == node.inputs[0],
            let pooled = renamed[Graph.Value(node: window.node, output: 0)], let incoming = renamed[gradient.inputs[0]],
            let place = renamed[window]
        else { return nil }
        let before = new.append(.unaryGradient(function), [pooled, incoming], new.type(pooled))
        return new.append(.poolingGradient(pooling, inputShape: shape), [before, place], node.outputs[0])
    }
}
