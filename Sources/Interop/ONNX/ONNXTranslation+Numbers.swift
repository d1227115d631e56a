import Neural

extension ONNXTranslation {
    /// Element by element, in whichever order the axes stand.
    mutating func unary(_ node: Graph.Node, _ y: Graph.Value, _ function: Unary) throws {
        let isImage = isChannelsFirst(node.inputs[0])
        let x = try name(node.inputs[0], isChannelsFirst: isImage)
        let result: String
        switch function {
        case .relu: result = emit("Relu", [x])
        case .relu6: result = try emit("Clip", [x, number(0), number(6)])
        case .sigmoid: result = emit("Sigmoid", [x])
        case .tanh: result = emit("Tanh", [x])
        case .square: result = emit("Mul", [x, x])
        case .reciprocalSquareRoot: result = emit("Reciprocal", [emit("Sqrt", [x])])
        case .linear(let scale, let shift):
            let scaled = scale == 1 ? x : try emit("Mul", [x, number(scale)])
            result = shift == 0 ? scaled : try emit("Add", [scaled, number(shift)])
        default: throw unsupported(node)
        }
        set(y, result, isChannelsFirst: isImage)
    }

    /// Of two tensors; smaller ones are repeated as in NumPy on both sides.
    mutating func binary(_ node: Graph.Node, _ y: Graph.Value, _ function: Binary) throws {
        let isImage =
            node.inputs.contains(where: isChannelsFirst) && graph.shape(node.inputs[0]) == graph.shape(node.inputs[1])
        let operation =
            switch function {
            case .add: "Add"
            case .subtract: "Sub"
            case .multiply: "Mul"
            }
        let inputs = try node.inputs.map { try name($0, isChannelsFirst: isImage) }
        set(y, emit(operation, inputs), isChannelsFirst: isImage)
    }

    /// `Gemm`, which is for two axes.
    mutating func matmul(_ node: Graph.Node, _ y: Graph.Value, _ transposeA: Bool, _ transposeB: Bool) throws {
        guard graph.shape(y).rank == 2 else { throw unsupported(node) }
        let result = emit(
            "Gemm", try node.inputs.map { try name($0) },
            [("transA", .integer(transposeA ? 1 : 0)), ("transB", .integer(transposeB ? 1 : 0))])
        set(y, result)
    }

    /// The mean over an image is taken as it stands; everything else with its channels last. Sums have their axes as an
    /// input in these operators, the others as an attribute.
    mutating func reduce(
        _ node: Graph.Node, _ y: Graph.Value, _ reduction: Reduction, _ axes: [Int], _ keepsAxes: Bool
    ) throws {
        let isImage = isChannelsFirst(node.inputs[0]) && axes == [1, 2]
        let x = try name(node.inputs[0], isChannelsFirst: isImage)
        let axes = isImage ? [2, 3] : axes
        let keeps = ("keepdims", ONNXModel.Attribute.Value.integer(keepsAxes ? 1 : 0))
        let result =
            switch reduction {
            case .sum: emit("ReduceSum", [x, integers(axes)], [keeps])
            case .mean: emit("ReduceMean", [x], [("axes", .integers(axes)), keeps])
            case .maximum: emit("ReduceMax", [x], [("axes", .integers(axes)), keeps])
            }
        set(y, result, isChannelsFirst: isImage && keepsAxes)
    }

    mutating func number(_ value: Float) throws -> String {
        constant("number", try Tensor([], [value]))
    }
}
