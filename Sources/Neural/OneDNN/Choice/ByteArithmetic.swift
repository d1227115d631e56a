internal import COneDNN

/// How a convolution of bytes turns its sums into what it stores.
struct ByteArithmetic {
    /// How its input is stored.
    let source: StorageType
    /// How its result is stored.
    let destination: StorageType
    /// How what is added to the result is stored, if that is as bytes.
    let residual: StorageType?
    /// For each output channel, what a sum is multiplied by.
    let factors: [Float]
    /// What the bias is multiplied by before it is added.
    let biasFactors: [Float]
    /// What is done then.
    let posts: [sdnn_post_op]

    /// - Parameters:
    ///   - source: what the input's bytes are worth; nil for bytes that stand for themselves.
    ///   - weightSteps: for each output channel.
    ///   - residual: what the bytes of the image to add are worth. Nil is returned if a result in bytes lacks it.
    ///   - destination: what the result's bytes are worth; nil if it, and what is added to it, is stored in floats.
    init?(
        convolution: Convolution, source: ByteScale?, weightSteps: [Float], residual: ByteScale?,
        destination: ByteScale?
    ) {
        // What is added lies where the result will, so both are stored in as many bytes.
        let residual = destination == nil ? nil : residual
        if convolution.addsResidual, destination != nil, residual == nil { return nil }
        self.source = source?.type ?? .uint8
        self.destination = destination?.type ?? .float32
        self.residual = residual?.type
        // A function that commutes with a positive factor can be taken of steps as well as of numbers.
        let isHomogeneous = convolution.activation == nil || convolution.activation == .relu
        let unit = isHomogeneous ? destination?.step ?? 1 : 1
        let sums = weightSteps.map { $0 * (source?.step ?? 1) }
        factors = sums.map { $0 / unit }
        biasFactors = sdnn_bias_precedes_scales() != 0 ? sums.map { 1 / $0 } : sums.map { _ in 1 / unit }
        var posts: [sdnn_post_op] = []
        if convolution.addsResidual {
            posts.append(residual.map { .sum(of: $0.type, times: $0.step / unit) } ?? .sum)
        }
        if let activation = convolution.activation { posts.append(sdnn_post_op(function: activation.code)) }
        if !isHomogeneous, let destination {
            posts.append(sdnn_post_op(function: Unary.linear(scale: 1 / destination.step, shift: 0).code))
        }
        self.posts = posts
    }
}

extension ByteArithmetic: CustomStringConvertible {
    /// The types: what its time depends on.
    var description: String {
        "\(source) to \(destination)" + (residual.map { " plus \($0)" } ?? "")
    }
}
