internal import COneDNN

extension PlanBuilder {
    /// The layout in which an element-by-element step runs: an image's own, or a flat run of numbers.
    struct Lane {
        let descriptor: MemoryDescriptor
        let isFlat: Bool
    }

    func lane(_ values: [Graph.Value]) throws -> Lane {
        if let descriptor = preferred(values) { return Lane(descriptor: descriptor, isFlat: false) }
        return try flatLane(values[0])
    }

    func flatLane(_ value: Graph.Value) throws -> Lane {
        Lane(descriptor: try vector(graph.shape(value).elementCount), isFlat: true)
    }

    func load(_ value: Graph.Value, _ lane: Lane) throws -> PlanBuffer {
        lane.isFlat ? try plain(value) : try use(value, as: lane.descriptor, .image)
    }

    func store(_ value: Graph.Value, _ lane: Lane) throws -> PlanBuffer {
        guard !lane.isFlat else { return try makePlain(value) }
        let output = buffer(lane.descriptor.byteCount, for: value.node)
        try define(value, output, lane.descriptor, .image)
        return output
    }

    /// A function of one number. Where its input's layout is still open, so is its own.
    func unary(_ node: Int, _ function: Unary) throws {
        let (x, y) = (operands(node)[0], result(node))
        let make = { [unowned self] (wanted: MemoryDescriptor?) throws -> Void in
            let lane = try wanted.map { Lane(descriptor: $0, isFlat: false) } ?? lane([x])
            let input = try load(x, lane)
            try self.function(function.code, input, into: store(y, lane), lane.descriptor, for: node)
        }
        if isWaiting(x) { wait(y, make) } else { try make(nil) }
    }

    func function(
        _ code: FunctionCode, _ input: PlanBuffer, into output: PlanBuffer, _ layout: MemoryDescriptor, for node: Int
    ) throws {
        let primitive = try Primitive(label(node)) {
            unsafe sdnn_function_forward(&$0, code.number, code.alpha, code.beta, layout.handle)
        }
        try emit(
            primitive, reads: [(.source, input, layout)], writes: [(.destination, output, layout)],
            inPlace: (input, output), for: node)
    }

    /// `saved, dy` → `dx`
    func unaryGradient(_ node: Int, _ function: Unary) throws {
        let (saved, dy, dx) = (operands(node)[0], operands(node)[1], result(node))
        let lane = try lane([saved, dy])
        let (kept, gradient) = (try load(saved, lane), try load(dy, lane))
        let output = try store(dx, lane)
        switch function {
        case .linear(let scale, _):
            try self.function(
                Unary.linear(scale: scale, shift: 0).code, gradient, into: output, lane.descriptor, for: node)
        case .reciprocal, .reciprocalSquareRoot:
            let isSquareRoot = function == .reciprocalSquareRoot
            emit(reads: [kept, gradient], writes: [output], inPlace: (gradient, output), for: node) {
                let (y, dy, dx) = unsafe (kept.floats, gradient.floats, output.floats)
                parallel(output.byteCount / 4, grain: 4096) { range in
                    for i in range {
                        let v = unsafe y[i]
                        unsafe dx[i] = unsafe isSquareRoot ? -0.5 * v * v * v * dy[i] : -v * v * dy[i]
                    }
                }
            }
        default:
            let code = function.code.number
            let primitive = try Primitive(label(node)) {
                unsafe sdnn_function_backward(&$0, code, lane.descriptor.handle)
            }
            let usesOutput = sdnn_function_uses_output(code) != 0
            try emit(
                primitive,
                reads: [
                    (usesOutput ? .destination : .source, kept, lane.descriptor),
                    (.destinationGradient, gradient, lane.descriptor),
                ], writes: [(.sourceGradient, output, lane.descriptor)], inPlace: (gradient, output), for: node)
        }
    }

    /// `a ∘ b`, broadcast.
    func binary(_ node: Int, _ function: Binary) throws {
        let (a, b, y) = (operands(node)[0], operands(node)[1], result(node))
        let shape = graph.shape(y)
        if graph.shape(a) == shape, graph.shape(b) == shape {
            let lane = try lane([a, b])
            let (left, right) = (try load(a, lane), try load(b, lane))
            let output = try store(y, lane)
            try combine(function.code, left, right, lane.descriptor, into: output, lane.descriptor, for: node)
        } else if graph.shape(a) == shape, try channelwise(node, function, a, b) {
        } else if function != .subtract, graph.shape(b) == shape, try channelwise(node, function, b, a) {
        } else {
            try broadcastBinary(node, function, a, b)
        }
    }

    /// One number for each channel of an image or each column of a matrix, or one for all.
    private func channelwise(_ node: Int, _ function: Binary, _ a: Graph.Value, _ b: Graph.Value) throws -> Bool {
        let (shape, other) = (graph.shape(a), graph.shape(b))
        let channels = shape.dimensions.last ?? 1
        guard channels > 1, other.elementCount == channels, other.dimensions.last == channels else { return false }
        let y = result(node)
        let lane = try lane([a])
        let small = try plain(b)
        let output = try store(y, lane)
        if lane.isFlat {
            let whole = try matrix(shape.elementCount / channels, channels)
            try combine(function.code, try plain(a), small, matrix(1, channels), into: output, whole, for: node)
        } else {
            let vector = try MemoryDescriptor([1, channels, 1, 1], strides: [channels, 1, channels, channels])
            try combine(function.code, try load(a, lane), small, vector, into: output, lane.descriptor, for: node)
        }
        return true
    }

    /// `output = a ∘ b`, where `b` may be laid out otherwise and broadcast.
    private func combine(
        _ code: Int32, _ a: PlanBuffer, _ b: PlanBuffer, _ bLayout: MemoryDescriptor, into output: PlanBuffer,
        _ layout: MemoryDescriptor, for node: Int
    ) throws {
        let primitive = try Primitive(label(node)) {
            unsafe sdnn_binary(&$0, code, layout.handle, bLayout.handle, layout.handle)
        }
        try emit(
            primitive, reads: [(.source, a, layout), (.source1, b, bLayout)],
            writes: [(.destination, output, layout)], inPlace: a === output ? nil : (a, output), for: node)
    }

    func add(
        _ a: PlanBuffer, _ b: PlanBuffer, into output: PlanBuffer, _ layout: MemoryDescriptor, for node: Int
    ) throws {
        try combine(Binary.add.code, a, b, layout, into: output, layout, for: node)
    }

    private func broadcastBinary(_ node: Int, _ function: Binary, _ a: Graph.Value, _ b: Graph.Value) throws {
        let (left, right) = (try plain(a), try plain(b))
        let shape = graph.shape(result(node))
        let loop = StridedLoop(
            shape.dimensions, [graph.shape(a).strides(broadcastTo: shape), graph.shape(b).strides(broadcastTo: shape)])
        let output = try makePlain(result(node))
        emit(reads: [left, right], writes: [output], for: node) {
            let (a, b, y) = unsafe (left.floats, right.floats, output.floats)
            unsafe loop.run(y, a, b, function)
        }
    }

    /// 0 or `1 / (1 - rate)` for each element.
    func dropoutMask(_ node: Int, _ rate: Float, _ stream: Int) throws {
        let seed = try plain(operands(node)[0])
        let output = try makePlain(result(node))
        let count = graph.shape(result(node)).elementCount
        emit(reads: [seed], writes: [output], for: node) {
            let key = unsafe dropoutSeed(high: seed.integers[0], low: seed.integers[1])
            let mask = unsafe output.floats
            parallel(count, grain: 1024) { range in
                for i in range {
                    let bits = dropoutBits(seed: key, stream: UInt64(truncatingIfNeeded: stream), index: UInt64(i))
                    unsafe mask[i] = dropoutFactor(bits: bits, rate: rate)
                }
            }
        }
    }
}

/// A function of one number as the facade knows it.
struct FunctionCode {
    let number: Int32
    var alpha: Float = 0
    var beta: Float = 0
}

extension Unary {
    var code: FunctionCode {
        switch self {
        case .relu: FunctionCode(number: Int32(SDNN_RELU))
        case .relu6: FunctionCode(number: Int32(SDNN_RELU6))
        case .gelu: FunctionCode(number: Int32(SDNN_GELU))
        case .silu: FunctionCode(number: Int32(SDNN_SILU))
        case .sigmoid: FunctionCode(number: Int32(SDNN_SIGMOID))
        case .tanh: FunctionCode(number: Int32(SDNN_TANH))
        case .exp: FunctionCode(number: Int32(SDNN_EXP))
        case .logarithm: FunctionCode(number: Int32(SDNN_LOGARITHM))
        case .softplus: FunctionCode(number: Int32(SDNN_SOFTPLUS))
        case .square: FunctionCode(number: Int32(SDNN_SQUARE))
        case .absolute: FunctionCode(number: Int32(SDNN_ABSOLUTE))
        case .reciprocalSquareRoot: FunctionCode(number: Int32(SDNN_RECIPROCAL_SQRT))
        case .reciprocal: FunctionCode(number: Int32(SDNN_RECIPROCAL))
        case .linear(let scale, let shift): FunctionCode(number: Int32(SDNN_LINEAR), alpha: scale, beta: shift)
        }
    }
}

extension Binary {
    /// The facade's number for it.
    var code: Int32 {
        switch self {
        case .add: Int32(SDNN_ADD)
        case .subtract: Int32(SDNN_SUBTRACT)
        case .multiply: Int32(SDNN_MULTIPLY)
        }
    }
}

extension sdnn_post_op {
    /// The result is added to what the destination holds.
    static let sum = sdnn_post_op(kind: Int32(SDNN_POST_SUM), function: -1, alpha: 1, beta: 0)

    /// The result is added to what the destination holds, which are numbers of `type`, times `factor`.
    static func sum(of type: StorageType, times factor: Float) -> Self {
        sdnn_post_op(kind: Int32(SDNN_POST_SUM), function: type.rawValue, alpha: factor, beta: 0)
    }

    /// A function applied to the result.
    init(function code: FunctionCode) {
        self.init(kind: Int32(SDNN_POST_FUNCTION), function: code.number, alpha: code.alpha, beta: code.beta)
    }
}
