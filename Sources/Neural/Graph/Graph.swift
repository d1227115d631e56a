/// A computation as a value: nodes in an order in which each comes after its inputs.
///
/// A network is a function that adds nodes to a graph. Every `add…` function checks shapes when it is called,
/// so that a mistake is reported where it is made. Nothing is computed until a backend runs a plan of the graph.
public struct Graph: Sendable {
    /// One output of one node.
    public struct Value: Hashable, Sendable {
        /// Position of the node in `Graph.nodes`.
        public let node: Int
        /// Which of its outputs.
        public let output: Int

        package init(node: Int, output: Int) {
            self.node = node
            self.output = output
        }
    }

    /// One step of the computation.
    public struct Node: Sendable {
        public var operation: Operation
        /// What it reads, in the order that the operation names.
        public var inputs: [Value]
        /// What each output is.
        public var outputs: [TensorType]
        /// Where in the network it stands, for reports: `layer1.0.conv1`.
        public var label: String
    }

    /// All nodes; each one's inputs come before it.
    public package(set) var nodes: [Node] = []
    /// The parameters, in the order in which they were first used.
    public private(set) var parameters: [Parameter] = []
    /// New values for parameters that are kept without gradients (running statistics), to be written after a run.
    public package(set) var updates: [(parameter: String, value: Value)] = []
    /// Prefix for the labels of nodes added from now on.
    public var scope: String = ""

    private var sources: [Operation: Value] = [:]

    public init() {}

    /// The type of a value.
    public func type(_ value: Value) -> TensorType { nodes[value.node].outputs[value.output] }
    /// The shape of a value.
    public func shape(_ value: Value) -> Shape { type(value).shape }

    /// Appends a node as it is. Builders call this once they have checked the inputs.
    @discardableResult
    package mutating func append(_ operation: Operation, _ inputs: [Value], _ outputs: [TensorType]) -> [Value] {
        nodes.append(Node(operation: operation, inputs: inputs, outputs: outputs, label: scope))
        return outputs.indices.map { Value(node: nodes.count - 1, output: $0) }
    }

    /// Appends a node with one output.
    package mutating func append(_ operation: Operation, _ inputs: [Value], _ output: TensorType) -> Value {
        append(operation, inputs, [output])[0]
    }

    /// The input named `name`, added at its first use.
    /// - Throws: `NeuralError.binding` if it was used before with another type.
    public mutating func input(_ name: String, _ type: TensorType) throws -> Value {
        try source(.input(name), type, "input \(name)")
    }

    /// The parameter that `parameter` describes, added at its first use.
    /// - Throws: `NeuralError.binding` if the name was used before for another shape.
    public mutating func parameter(_ parameter: Parameter) throws -> Value {
        if sources[.parameter(parameter.name)] == nil { parameters.append(parameter) }
        return try source(.parameter(parameter.name), TensorType(parameter.shape), "parameter \(parameter.name)")
    }

    /// A tensor of one number.
    public mutating func fill(_ value: Float, _ shape: Shape) -> Value {
        append(.fill(value), [], TensorType(shape))
    }

    /// Asks that `value` be written to a parameter without gradient at the end of a run.
    /// - Throws: `NeuralError.shape` if the shapes differ.
    public mutating func update(_ parameter: Parameter, to value: Value) throws {
        try require(
            type(value) == TensorType(parameter.shape),
            "cannot write \(type(value)) to \(parameter.name) \(parameter.shape)")
        updates.append((parameter.name, value))
    }

    private mutating func source(_ operation: Operation, _ type: TensorType, _ what: String) throws -> Value {
        if let known = sources[operation] {
            guard self.type(known) == type else {
                throw NeuralError(.binding, "\(what) was used before as \(self.type(known)), now as \(type)")
            }
            return known
        }
        try require(type.shape.dimensions.allSatisfy { $0 > 0 }, "\(what) has an empty shape \(type.shape)")
        try requireSize(type.shape)
        let value = append(operation, [], type)
        sources[operation] = value
        return value
    }

    /// Appends a node whose outputs may be larger than its inputs.
    /// - Throws: `NeuralError.shape` if an output has more elements than any memory holds.
    package mutating func appendChecked(
        _ operation: Operation, _ inputs: [Value], _ outputs: [TensorType]
    ) throws -> [Value] {
        for output in outputs { try requireSize(output.shape) }
        return append(operation, inputs, outputs)
    }

    private func requireSize(_ shape: Shape) throws {
        try require(shape.elementCount <= Shape.largestCount, "a tensor of shape \(shape) fits no memory")
    }

    /// - Throws: `NeuralError.shape` if one of `values` is not of `float32`, which is what all arithmetic takes.
    package func requireFloats(_ values: [Value], _ what: @autoclosure () -> String) throws {
        for value in values {
            try require(type(value).elementType == .float32, "\(what()) takes float32, not \(type(value))")
        }
    }

    /// - Throws: `NeuralError.shape` if a size of an image or of a window is so large that sizes computed from it
    ///   could overflow.
    package func requireWindow(_ sizes: [Int], _ pairs: [Pair]) throws {
        let all = sizes + pairs.flatMap { [$0.height, $0.width] }
        try require(
            all.allSatisfy { $0.magnitude <= 1 << 30 }, "a size of \(all.map(\.magnitude).max() ?? 0) is too large")
    }

    /// - Throws: `NeuralError.shape` with `message` and the current scope, if `condition` is false.
    package func require(_ condition: Bool, _ message: @autoclosure () -> String) throws {
        guard condition else {
            throw NeuralError(.shape, (scope.isEmpty ? "" : "\(scope): ") + message())
        }
    }
}
