internal import COneDNN

/// One convolution, or a gradient of one, as a kernel is asked to compute it.
struct ConvolutionProblem {
    enum Direction: String {
        case forward, inputGradient, weightGradient
    }

    var direction: Direction
    var convolution: Convolution
    /// `[batch, height, width, channel]` of the convolution's input.
    var input: Shape
    /// `[batch, height, width, channel]` of the convolution's output.
    var output: Shape
    /// `[out, in / groups, height, width]`
    var weights: Shape
    /// Whether the weights change from one run to the next, so that preparing them is part of each run: a kernel that
    /// brings them to its own form as it goes is better then than one that wants them prepared.
    var isTraining: Bool
    /// How images, and the weights they meet, are stored.
    var type: StorageType
    /// How it is computed of bytes, if it is; `type` says nothing then.
    var bytes: ByteArithmetic?

    /// The kernel that computes it in a certain way.
    /// - Parameter fuses: whether a sum and a function that the convolution carries are taken as it stores its result.
    /// - Throws: `NeuralError.backend` if the library has none.
    func primitive(_ way: ConvolutionWay, fuses: Bool = true) throws -> Primitive {
        let type = way.isSingle ? .float32 : type
        let x = try image(input, way.source, bytes?.source ?? type)
        let y = try image(output, way.destination, bytes?.destination ?? type)
        // A gradient is added to a sum of many: it is always in single precision.
        let w = try kernel(direction == .weightGradient ? .float32 : bytes == nil ? type : .int8)
        let bias = convolution.hasBias ? try MemoryDescriptor([output[3]], strides: [1]) : nil
        let post = fuses ? bytes?.posts ?? posts : []
        let factors = bytes?.factors ?? []
        return try Primitive("\(direction) \(self)") { handle in
            var window = sdnn_window(convolution)
            return switch direction {
            case .forward:
                unsafe sdnn_convolution_forward(
                    &handle, isTraining ? 1 : 0, way.code, x.handle, w.handle, bias?.handle, y.handle, &window, factors,
                    Int64(factors.count), post, Int32(post.count))
            case .inputGradient:
                unsafe sdnn_convolution_backward_data(&handle, way.code, x.handle, w.handle, y.handle, &window)
            case .weightGradient:
                unsafe sdnn_convolution_backward_weights(
                    &handle, way.code, x.handle, w.handle, bias?.handle, y.handle, &window)
            }
        }
    }

    /// Whether Winograd's algorithm applies: to kernels 3x3 with whole blocks of channels.
    var suitsWinograd: Bool {
        let (c, block) = (convolution, ConvolutionWay.block)
        return c.stride == Pair(1) && c.dilation == Pair(1) && c.groups == 1 && weights[2] == 3 && weights[3] == 3
            && weights[0] % block == 0 && weights[1] % block == 0
    }

    /// Multiplications and additions.
    var operations: Int { 2 * output.elementCount * weights.dimensions.dropFirst().reduce(1, *) }

    private var posts: [sdnn_post_op] {
        guard direction == .forward else { return [] }
        return (convolution.addsResidual ? [sdnn_post_op.sum] : [])
            + (convolution.activation.map { [sdnn_post_op(function: $0.code)] } ?? [])
    }

    /// An image as a way of convolving wants it.
    private func image(
        _ shape: Shape, _ layout: ConvolutionWay.Layout, _ type: StorageType
    ) throws -> MemoryDescriptor {
        let (d, s) = (shape.dimensions, shape.strides)
        let sizes = [d[0], d[3], d[1], d[2]]
        switch layout {
        case .channelsLast: return try MemoryDescriptor(sizes, strides: [s[0], s[3], s[1], s[2]], type: type)
        case .blocks where d[3] % ConvolutionWay.block == 0: return try MemoryDescriptor(blocked: sizes, type: type)
        case .blocks, .any: return try MemoryDescriptor(sizes, strides: nil, type: type)
        }
    }

    private func kernel(_ type: StorageType) throws -> MemoryDescriptor {
        let (d, groups) = (weights.dimensions, convolution.groups)
        return try MemoryDescriptor(groups > 1 ? [groups, d[0] / groups] + d[1...] : d, strides: nil, type: type)
    }
}

extension ConvolutionProblem: CustomStringConvertible {
    /// What it is, in a line: the same for problems that the same kernels solve in the same time.
    var description: String {
        let c = convolution
        func pair(_ p: Pair) -> String { p.height == p.width ? "\(p.height)" : "\(p.height)x\(p.width)" }
        let type = bytes.map { "\($0)" } ?? "\(type)"
        var text = "\(direction.rawValue) \(type) \(input) * \(weights) -> \(output)"
        text += " stride \(pair(c.stride)) pad \(pair(c.padBefore)) \(pair(c.padAfter)) dilation \(pair(c.dilation))"
        text += " groups \(c.groups)"
        if isTraining { text += " training" }
        if c.hasBias { text += " bias" }
        if direction == .forward, c.addsResidual { text += " residual" }
        if direction == .forward, let activation = c.activation { text += " \(activation)" }
        return text
    }
}

extension Graph {
    /// The convolution that a node computes, or computes a gradient of; nil for other nodes.
    func convolutionProblem(_ node: Int, isTraining: Bool = false, type: StorageType) -> ConvolutionProblem? {
        let (inputs, y) = (nodes[node].inputs, nodes[node].outputs[0].shape)
        func make(_ direction: ConvolutionProblem.Direction, _ c: Convolution, _ shapes: [Shape]) -> ConvolutionProblem
        {
            ConvolutionProblem(
                direction: direction, convolution: c, input: shapes[0], output: shapes[1], weights: shapes[2],
                isTraining: isTraining, type: type)
        }
        switch nodes[node].operation {
        case .convolution(let c): return make(.forward, c, [shape(inputs[0]), y, shape(inputs[1])])
        case .convolutionInputGradient(let c):
            return make(.inputGradient, c, [y, shape(inputs[0]), shape(inputs[1])])
        case .convolutionWeightGradient(let c):
            return make(.weightGradient, c, [shape(inputs[0]), shape(inputs[1]), y])
        default: return nil
        }
    }
}

extension sdnn_window {
    init(_ c: Convolution) {
        self.init(
            strides: c.stride.sizes, kernel: (0, 0),
            dilation: (Int64(c.dilation.height - 1), Int64(c.dilation.width - 1)), pad_before: c.padBefore.sizes,
            pad_after: c.padAfter.sizes)
    }
}

extension Pair {
    /// As the facade wants them.
    var sizes: (Int64, Int64) { (Int64(height), Int64(width)) }
}
