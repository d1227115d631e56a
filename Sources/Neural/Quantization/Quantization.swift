/// What a network's convolutions need to multiply bytes in the place of floats.
///
/// A number `x` becomes the whole number nearest to `x / step`, within what a byte holds. Images have one step each,
/// weights one for each output channel (Krishnamoorthi 2018, "Quantizing deep convolutional networks for efficient
/// inference"); sums are exact, in 32 bits. Belongs to the weights that it was made for.
public struct Quantization: Sendable, Hashable, Codable {
    /// The numbers that an image is taken to hold; what lies outside becomes the nearest of them.
    public struct Interval: Sendable, Hashable, Codable {
        /// The least, at most 0. Below 0 the bytes have a sign.
        public var low: Float
        /// The largest, at least 0.
        public var high: Float

        public init(low: Float, high: Float) {
            self.low = low
            self.high = high
        }

        /// Whether bytes of it have a sign.
        public var isSigned: Bool { low < 0 }
        /// The difference of neighbouring bytes.
        public var step: Float { isSigned ? max(-low, high) / 127 : high / 255 }

        fileprivate var isValid: Bool { low.isFinite && high.isFinite && low <= 0 && high >= 0 && step.isNormal }
    }

    /// What one convolution needs.
    public struct Layer: Sendable, Hashable, Codable {
        /// What its input holds; nil for a convolution of frames, which are bytes as they come.
        public var input: Interval?
        /// What the image holds that is added to its result, where there is one.
        public var residual: Interval?
        /// For each output channel the difference of neighbouring bytes of its weights, normalisation folded in.
        public var weightSteps: [Float]

        public init(input: Interval?, residual: Interval? = nil, weightSteps: [Float]) {
            self.input = input
            self.residual = residual
            self.weightSteps = weightSteps
        }
    }

    /// By the name of the convolution's weights. One that is not here is computed in floats.
    public var layers: [String: Layer]

    public init(layers: [String: Layer]) { self.layers = layers }

    /// Checks that it can belong to a network with `parameters`.
    /// - Throws: `NeuralError.format` naming the layer, if there are no such weights or a number is out of range.
    public func validate(_ parameters: [Parameter]) throws {
        let shapes = Dictionary(parameters.map { ($0.name, $0.shape) }) { first, _ in first }
        for (name, layer) in layers.sorted(by: { $0.key < $1.key }) {
            guard let shape = shapes[name], shape.rank == 4, layer.weightSteps.count == shape[0] else {
                throw NeuralError(.format, "the steps of \(name) belong to no convolution of this network")
            }
            guard layer.weightSteps.allSatisfy({ $0.isNormal && $0 > 0 }),
                [layer.input, layer.residual].allSatisfy({ $0?.isValid ?? true })
            else { throw NeuralError(.format, "a step of \(name) is not a positive number") }
        }
    }
}

extension Graph {
    /// How many convolutions there are.
    public var convolutionCount: Int { nodes.indices.count { weightsName($0) != nil } }

    /// The name of the weights of the convolution that `node` is, behind what was folded into them; nil for others.
    func weightsName(_ node: Int) -> String? {
        guard case .convolution = nodes[node].operation else { return nil }
        var node = nodes[node].inputs[1].node
        while true {
            if case .parameter(let name) = nodes[node].operation { return name }
            guard let first = nodes[node].inputs.first else { return nil }
            node = first.node
        }
    }

    /// How bytes become the numbers of `value`, if that is all that is done to make it, and those bytes.
    func framesNormalization(_ value: Value) -> (frames: Value, scale: [Float], shift: [Float])? {
        guard case .normalizeFrames(let scale, let shift) = nodes[value.node].operation else { return nil }
        return (nodes[value.node].inputs[0], scale, shift)
    }
}
