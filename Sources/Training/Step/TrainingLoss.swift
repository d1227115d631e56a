public import Neural
public import SoraModel

/// What a training step minimises.
public protocol TrainingLoss: Sendable {
    /// Adds the loss of a batch's clips to their graph.
    ///
    /// - Parameters:
    ///   - embedding: `[clip, embedding]`, not normalised.
    ///   - logits: `[clip, output]`, which the input `targets` of the same shape is for.
    /// - Returns: one number.
    func build(
        _ graph: inout Graph, embedding: Graph.Value, logits: Graph.Value, head: Head
    ) throws -> Graph.Value

    /// What the loss reads beside the targets and is the same at each step.
    func constants() throws -> [String: Tensor]
}
