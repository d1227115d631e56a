public import Neural
public import SoraModel

/// What training minimises, fitting a head: softmax cross-entropy for classes, sigmoid cross-entropy otherwise.
public struct LossFunction: TrainingLoss, Hashable, Codable {
    /// How much each label's errors count: `[label]`, all alike where nil.
    /// For sigmoid heads it multiplies the positive term.
    public var classWeights: [Float]?
    /// How far targets are drawn towards even odds, 0 ..< 1: a softmax target `t` of `n` classes becomes
    /// `(1 - s) t + s / n`, a sigmoid target, whose classes are yes and no, `(1 - s) t + s / 2` (Szegedy et al. 2016).
    public var labelSmoothing: Float
    /// The focal loss's exponent (Lin et al. 2017): the larger, the less counts what is right already. 0 for none.
    public var focusing: Float

    public init(classWeights: [Float]? = nil, labelSmoothing: Float = 0, focusing: Float = 0) {
        self.classWeights = classWeights
        self.labelSmoothing = labelSmoothing
        self.focusing = focusing
    }

    /// Adds the loss of `logits [clip, output]` against the input `targets` of the same shape.
    /// - Returns: one number, the mean over the batch.
    /// - Throws: `NeuralError.shape` if there is not one class weight for each output, or the smoothing is out of range.
    package func build(_ graph: inout Graph, logits: Graph.Value, head: Head) throws -> Graph.Value {
        graph.scope = "loss"
        let targets = try graph.input("targets", graph.type(logits))
        let weights = try classWeights.map { _ in
            try graph.input(Self.weightsInput, TensorType([graph.shape(logits)[1]]))
        }
        switch head.kind {
        case .multiClass:
            return try graph.softmaxCrossEntropy(
                logits, targets: targets, classWeights: weights, labelSmoothing: labelSmoothing, focusing: focusing)
        case .binary, .multiLabel:
            try graph.require(
                (0..<1).contains(labelSmoothing), "label smoothing lies in 0 ..< 1, not \(labelSmoothing)")
            let smoothed =
                labelSmoothing > 0
                ? graph.linear(targets, scale: 1 - labelSmoothing, shift: labelSmoothing / 2) : targets
            return try graph.sigmoidCrossEntropy(logits, targets: smoothed, positiveWeight: weights, focusing: focusing)
        }
    }

    /// The same, as training asks for it.
    public func build(
        _ graph: inout Graph, embedding: Graph.Value, logits: Graph.Value, head: Head
    ) throws -> Graph.Value {
        try build(&graph, logits: logits, head: head)
    }

    /// The class weights, where there are any.
    public func constants() throws -> [String: Tensor] {
        try classWeights.map { [Self.weightsInput: try Tensor([$0.count], $0)] } ?? [:]
    }

    /// The input that carries the class weights, where there are any.
    package static let weightsInput = "classWeights"
}
