package import Neural
import SoraModel

/// Writes the nodes of a graph as ONNX's, one after the other.
///
/// Images stand `[batch, height, width, channel]` in our graphs and `[batch, channel, height, width]` in ONNX: a value
/// is remembered as the one or the other, and turned where an operator wants it otherwise. Turns that cancel each other
/// are left out, and so is in the end what nothing reads.
package struct ONNXTranslation {
    /// A value of the graph as it stands in the ONNX model.
    struct Translated {
        var name: String
        /// It is an image with its channels before its height.
        var isChannelsFirst = false
    }

    private struct Turn: Hashable {
        var source: String
        var permutation: [Int]
    }

    let graph: Graph
    let sizes: OpenSizes
    let parameters: ParameterBuffer
    package private(set) var nodes: [ONNXModel.Node] = []
    package private(set) var initializers: [ONNXModel.Initializer] = []
    /// One int64: how many clips there are.
    let clipCount: String
    private var values: [Graph.Value: Translated] = [:]
    private var turns: [Turn: String] = [:]
    private var turned: [String: Turn] = [:]
    private var used: [String: Int] = [:]
    private var scope = ""

    /// - Parameters:
    ///   - graph: built for two clips.
    ///   - frames: the model's input, `[clip, frame, height, width, 3]`; the graph's own are made of it.
    ///   - reserved: names that the model's inputs and outputs have.
    package init(
        _ graph: Graph, sizes: OpenSizes, parameters: ParameterBuffer, frames: String, reserved: [String]
    ) throws {
        self.graph = graph
        self.sizes = sizes
        self.parameters = parameters
        clipCount = "clips"
        for name in reserved + [clipCount] { used[name] = 1 }
        scope = frames
        emit(
            clipCount, "Shape", [frames], [("start", .integer(0)), ("end", .integer(1))], outputs: [clipCount])
        try bindInputs(frames)
        for node in graph.nodes.indices { try translate(node) }
    }

    /// Makes the graph's inputs, time-major frames, out of the model's. Bytes are turned, a quarter of what the floats
    /// would be.
    private mutating func bindInputs(_ frames: String) throws {
        let turned = turn(frames, [1, 0, 4, 2, 3])
        for place in graph.nodes.indices {
            guard case .input(let name) = graph.nodes[place].operation else { continue }
            let input = Graph.Value(node: place, output: 0)
            guard let kind = FrameInput(rawValue: name), case .clips(let count) = sizes[input][0] else {
                throw unsupported(graph.nodes[place])
            }
            scope = name
            let source =
                switch kind {
                case .frames: turned
                case .motion: try motion(turned, count: count)
                case .stack: try stack(turned, count: count)
                }
            let shape = graph.shape(input)
            let images = emit("Reshape", [source, integers([-1, shape[3], shape[1], shape[2]])])
            set(input, images, isChannelsFirst: true)
        }
    }

    /// What `value` is called.
    /// - Parameter isChannelsFirst: whether the channels of an image are to stand before its height.
    mutating func name(_ value: Graph.Value, isChannelsFirst: Bool = false) throws -> String {
        guard let known = values[value] else { throw unsupported(graph.nodes[value.node]) }
        if known.isChannelsFirst == isChannelsFirst { return known.name }
        return turn(known.name, isChannelsFirst ? [0, 3, 1, 2] : [0, 2, 3, 1])
    }

    /// Whether `value` is an image with its channels before its height.
    func isChannelsFirst(_ value: Graph.Value) -> Bool { values[value]?.isChannelsFirst ?? false }

    /// Whether `value` has a name already.
    func isTranslated(_ value: Graph.Value) -> Bool { values[value] != nil }

    mutating func set(_ value: Graph.Value, _ name: String, isChannelsFirst: Bool = false) {
        values[value] = Translated(name: name, isChannelsFirst: isChannelsFirst)
    }

    /// Adds an operator with one output.
    /// - Returns: the name of its output.
    mutating func emit(
        _ operation: String, _ inputs: [String], _ attributes: [(String, ONNXModel.Attribute.Value)] = []
    ) -> String {
        let name = unique("\(scope)/\(operation)")
        emit(name, operation, inputs, attributes, outputs: [name])
        return name
    }

    /// Adds an operator with outputs of these names.
    /// - Returns: what they are called in the model.
    mutating func emit(
        _ operation: String, _ inputs: [String], _ attributes: [(String, ONNXModel.Attribute.Value)],
        outputs: [String]
    ) -> [String] {
        let name = unique("\(scope)/\(operation)")
        let results = outputs.map { unique("\(name).\($0)") }
        emit(name, operation, inputs, attributes, outputs: results)
        return results
    }

    private mutating func emit(
        _ name: String, _ operation: String, _ inputs: [String],
        _ attributes: [(String, ONNXModel.Attribute.Value)], outputs: [String]
    ) {
        nodes.append(
            ONNXModel.Node(
                name: name, operation: operation, inputs: inputs, outputs: outputs,
                attributes: attributes.map { ONNXModel.Attribute($0, $1) }))
    }

    /// Axis `i` of the result is axis `permutation[i]` of `source`.
    mutating func turn(_ source: String, _ permutation: [Int]) -> String {
        if permutation == Array(permutation.indices) { return source }
        if let before = turned[source] { return turn(before.source, permutation.map { before.permutation[$0] }) }
        let turn = Turn(source: source, permutation: permutation)
        if let known = turns[turn] { return known }
        let result = emit("Transpose", [source], [("perm", .integers(permutation))])
        turns[turn] = result
        turned[result] = turn
        return result
    }

    /// A tensor that is known.
    mutating func constant(_ wanted: String, _ tensor: Tensor) -> String {
        let name = unique(wanted)
        initializers.append(ONNXModel.Initializer(name, .tensor(tensor)))
        return name
    }

    /// One axis of int64.
    mutating func integers(_ numbers: [Int]) -> String {
        let name = unique("\(scope)/constant")
        initializers.append(ONNXModel.Initializer(name, .integers(numbers)))
        return name
    }

    /// The parameter that `value` is.
    func parameter(_ value: Graph.Value) throws -> String {
        guard case .parameter(let name) = graph.nodes[value.node].operation else {
            throw unsupported(graph.nodes[value.node])
        }
        return name
    }

    func unsupported(_ node: Graph.Node) -> InteropError {
        let place = node.label.isEmpty ? "" : "\(node.label): "
        return InteropError(
            .unsupported, "\(place)there is no ONNX for \(node.operation) on \(node.inputs.map { graph.type($0) })")
    }

    /// The name itself, or with a number after it where it is taken.
    private mutating func unique(_ wanted: String) -> String {
        var name = wanted
        while let count = used[name] {
            used[name] = count + 1
            name = "\(wanted).\(count)"
        }
        used[name] = 1
        return name
    }

    private mutating func translate(_ index: Int) throws {
        let node = graph.nodes[index]
        let y = Graph.Value(node: index, output: 0)
        scope = node.label
        switch node.operation {
        case .input: guard values[y] != nil else { throw unsupported(node) }
        case .parameter(let name): set(y, constant(name, try parameters.tensor(name)))
        case .fill(let number): try fill(y, number)
        case .normalizeFrames(let scale, let shift): try normalizeFrames(node, y, scale, shift)
        case .convolution(let convolution): try self.convolution(node, y, convolution)
        case .batchNormalizationInference(let epsilon): try batchNormalization(node, y, epsilon)
        case .pooling(let pooling): try self.pooling(node, y, pooling)
        case .unary(let function): try unary(node, y, function)
        case .binary(let function): try binary(node, y, function)
        case .matmul(let transposeA, let transposeB): try matmul(node, y, transposeA, transposeB)
        case .reduce(let reduction, let axes, let keepsAxes): try reduce(node, y, reduction, axes, keepsAxes)
        case .softmax(logarithm: false): set(y, emit("Softmax", [try name(node.inputs[0])], [("axis", .integer(-1))]))
        case .reshape: try reshape(node, y)
        case .transpose(let permutation): set(y, turn(try name(node.inputs[0]), permutation))
        case .concatenate(let axis): try concatenate(node, y, axis)
        case .slice(let starts): try slice(node, y, starts)
        case .gru(let reversed): try gru(node, index, reversed: reversed)
        default: throw unsupported(node)
        }
    }
}

extension ONNXTranslation {
    /// Keeps what `outputs` depend on, and gives them those names.
    /// - Throws: `InteropError.unsupported` if one has no translation.
    package mutating func conclude(_ outputs: [(value: Graph.Value, name: String)]) throws {
        scope = "outputs"
        for (value, name) in outputs {
            let node = emit("Identity", [try self.name(value)])
            for place in nodes.indices where nodes[place].outputs == [node] { nodes[place].outputs = [name] }
        }
        var needed = Set(outputs.map(\.name))
        var kept: [ONNXModel.Node] = []
        for node in nodes.reversed() where node.outputs.contains(where: needed.contains) {
            needed.formUnion(node.inputs)
            kept.append(node)
        }
        nodes = kept.reversed()
        initializers.removeAll { !needed.contains($0.name) }
    }
}
