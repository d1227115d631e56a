/// Finds the numbers that the images of a network hold, by running it on samples.
///
/// Not for use from two threads at once.
public final class Calibration {
    private struct Layer {
        var name: String
        /// Places among `images`; nil for a convolution of frames.
        var input: Int?
        var residual: Int?
        var weightSteps: [Float]
    }

    private let network: any Executable
    private let parameters: ParameterBuffer
    private var layers: [Layer] = []
    private var images: [Graph.Value] = []
    private var histograms: [Histogram] = []
    private var samples = 0

    /// - Parameters:
    ///   - graph: a network for inference.
    ///   - outputs: what it is run for.
    ///   - parameters: its weights.
    ///   - backend: what computes the samples.
    /// - Throws: `NeuralError.unsupported` if it has no convolution, and what `backend` throws.
    public init(
        _ graph: Graph, outputs: [Graph.Value], parameters: ParameterBuffer, backend: any Backend
    ) throws {
        self.parameters = parameters
        // Bytes are what a fused convolution reads and stores, so those are observed.
        let (fused, wanted) = try Fusion.apply(graph, outputs.map { GraphOutput($0) })
        let live = Constants.live(fused, wanted)
        let convolutions = fused.nodes.indices.filter { live[$0] && fused.weightsName($0) != nil }
        guard !convolutions.isEmpty else {
            throw NeuralError(.unsupported, "a network without convolutions has nothing to compute in bytes")
        }
        let weights = try backend.compile(fused, outputs: convolutions.map { GraphOutput(fused.nodes[$0].inputs[1]) })
            .run([:], parameters: parameters, gradients: nil)
        var images: [Graph.Value] = []
        func place(_ value: Graph.Value) -> Int {
            if let known = images.firstIndex(of: value) { return known }
            images.append(value)
            return images.count - 1
        }
        for (node, weights) in zip(convolutions, weights) {
            let inputs = fused.nodes[node].inputs
            guard case .convolution(let c) = fused.nodes[node].operation, let name = fused.weightsName(node) else {
                continue
            }
            let frames = c.groups == 1 ? fused.framesNormalization(inputs[0]) : nil
            let numbers =
                frames.map {
                    FrameKernel.weights(weights.floats, weights.shape, factor: $0.scale, shift: $0.shift)
                } ?? weights.floats
            layers.append(
                Layer(
                    name: name, input: frames == nil ? place(inputs[0]) : nil,
                    residual: c.addsResidual ? inputs.last.map(place) : nil,
                    weightSteps: Self.steps(numbers, channels: weights.shape[0])))
        }
        self.images = images
        histograms = images.map { _ in Histogram() }
        network = try backend.compile(fused, outputs: images.map { GraphOutput($0) })
    }

    /// Runs the network on a sample, and counts the numbers that come by.
    public func observe(_ inputs: [String: Tensor]) throws {
        samples += 1
        guard !images.isEmpty else { return }
        let results = try network.run(inputs, parameters: parameters, gradients: nil)
        for (index, result) in results.enumerated() { histograms[index].add(result.floats) }
    }

    /// What was found.
    /// - Parameter share: the share of an image's numbers that its bytes hold, the largest of the rest becoming as
    ///   large as those: with fewer of them the steps are finer for all others.
    /// - Throws: `NeuralError.binding` if nothing was observed.
    public func quantization(share: Double) throws -> Quantization {
        var found = Quantization(layers: [:])
        let intervals = histograms.map { $0.interval(share: share) }
        for layer in layers {
            let input = layer.input.flatMap { intervals[$0] }
            let residual = layer.residual.flatMap { intervals[$0] }
            // An image of zeros alone, or none observed, stays in floats.
            guard layer.input == nil || input != nil, layer.residual == nil || residual != nil else { continue }
            found.layers[layer.name] = Quantization.Layer(
                input: input, residual: residual, weightSteps: layer.weightSteps)
        }
        guard samples > 0, !found.layers.isEmpty else {
            throw NeuralError(.binding, "no sample was observed, or none in which the network finds anything")
        }
        return found
    }

    /// For each output channel, the step that lets a byte hold its largest weight.
    private static func steps(_ weights: [Float], channels: Int) -> [Float] {
        let size = weights.count / max(channels, 1)
        return (0..<channels).map { channel in
            let largest = weights[channel * size..<(channel + 1) * size].reduce(Float(0)) { max($0, abs($1)) }
            // A channel of zeros can have any step.
            return largest > .leastNormalMagnitude * 127 ? largest / 127 : 1
        }
    }
}
