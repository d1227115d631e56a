public import Neural
public import SoraModel

/// Training without labels: the two views of a clip should have embeddings nearer to each other than to those of other
/// clips, which are the batch's and those of a queue of the last batches (InfoNCE, van den Oord et al. 2018; the queue as
/// in He et al. 2020, "MoCo", with the network's own embeddings of some steps ago; those of the clip itself are no wrong
/// answers). A second task, told from the same embedding, keeps it from forgetting time: which way, and how fast, the clip
/// is played (see `Playback`), both views of a clip alike; or, where whoever made the clips knows what moves in them, that.
public struct Contrast: TrainingLoss, Codable, Hashable {
    /// By what cosines are divided: the smaller, the more the nearest wrong answers count.
    public var temperature: Float
    /// Embeddings of earlier batches that are wrong answers too; 0 for those of the batch alone. They are the network's own
    /// of some steps ago: where it learns fast, it is easier to move away from them than to tell clips apart (what He and
    /// others saw without a moving average of weights), so that they are for small learning rates.
    public var queue: Int
    /// How much the second task counts beside the first; 0 for not at all.
    public var taskWeight: Float
    /// Whether the second task is to tell the playback, which the model's labels name; else it is the clips' own labels.
    public var plays: Bool

    public init(temperature: Float = 0.1, queue: Int = 0, taskWeight: Float = 0.5, plays: Bool = true) {
        self.temperature = temperature
        self.queue = queue
        self.taskWeight = taskWeight
        self.plays = plays
    }

    static let queueInput = "queue"
    static let biasInput = "queueBias"

    /// Adds the loss of pairs of views, the first of each in the first half of the batch.
    public func build(
        _ graph: inout Graph, embedding: Graph.Value, logits: Graph.Value, head: Head
    ) throws -> Graph.Value {
        graph.scope = "contrast"
        let shape = graph.shape(embedding)
        let (pairs, size) = (shape[0] / 2, shape[1])
        let first = try graph.slice(embedding, axis: 0, 0..<pairs)
        let second = try graph.slice(embedding, axis: 0, pairs..<2 * pairs)
        let negatives = queue > 0 ? try graph.input(Self.queueInput, TensorType([queue, size])) : nil
        let bias = queue > 0 ? try graph.input(Self.biasInput, TensorType([pairs, queue])) : nil
        let contrast = try graph.infoNCE(first, second, temperature: temperature, negatives: negatives, bias: bias)
        let task = try LossFunction().build(&graph, logits: logits, head: head)
        return try graph.add(contrast, graph.linear(task, scale: taskWeight))
    }

    /// Nothing.
    public func constants() throws -> [String: Tensor] { [:] }

    /// - Throws: `TrainingError.options` naming the option and what it may be.
    func validate() throws {
        guard temperature > 0.001, temperature <= 10 else {
            throw TrainingError(.options, "the temperature must lie in 0.001...10, not \(temperature)")
        }
        guard (0...65536).contains(queue) else {
            throw TrainingError(.options, "the queue must hold 0...65536 embeddings, not \(queue)")
        }
        guard (0...100).contains(taskWeight) else {
            throw TrainingError(.options, "the second task's weight must lie in 0...100, not \(taskWeight)")
        }
    }
}
