import Neural
import SoraModel

/// What training minimises, fitting a head: softmax cross-entropy for classes, sigmoid cross-entropy otherwise.
public struct LossFunction: Sendable, Hashable, Codable {
    /// How much each label's errors count: `[label]`, all alike where nil.
    /// For sigmoid heads it multiplies the positive term.
    public var classWeights: [Float]?
    /// How much of a softmax target is spread over all classes, 0 ..< 1.
    public var labelSmoothing: Float

    public init(classWeights: [Float]? = nil, labelSmoothing: Float = 0) {
        self.classWeights = classWeights
        self.labelSmoothing = labelSmoothing
    }

    /// Adds the loss of `logits [clip, output]` against the input `targets` of the same shape.
    /// - Returns: one number, the mean over the batch.
    /// - Throws: `NeuralError.shape` if there is not one class weight for each output.
    func build(_ graph: inout Graph, logits: Graph.Value, head: Head) throws -> Graph.Value {
        graph.scope = "loss"
        let targets = try graph.input("targets", graph.type(logits))
        let weights = try classWeights.map { _ in
            try graph.input(Self.weightsInput, TensorType([graph.shape(logits)[1]]))
        }
        switch head.kind {
        case .multiClass:
            return try graph.softmaxCrossEntropy(
                logits, targets: targets, classWeights: weights, labelSmoothing: labelSmoothing)
        case .binary, .multiLabel:
            return try graph.sigmoidCrossEntropy(logits, targets: targets, positiveWeight: weights)
        }
    }

    /// The input that carries the class weights, where there are any.
    static let weightsInput = "classWeights"
}
