import Neural

/// The embeddings of the last clips that were trained on, each of length 1: further wrong answers for a contrast.
struct EmbeddingQueue {
    /// `[place, embedding]`
    private var vectors: [Float]
    /// Which clip each place holds; none where -1.
    private var clips: [Int32]
    /// The place that is written next.
    private var next = 0
    private let size: Int

    init(capacity: Int, size: Int) {
        self.size = size
        vectors = [Float](repeating: 0, count: capacity * size)
        clips = [Int32](repeating: -1, count: capacity)
    }

    /// What a step on pairs of views of `clips` reads: the vectors, and which of them are no wrong answers to which pair,
    /// as they are of the same clip or not there yet.
    func inputs(_ pairs: some Collection<Int>) throws -> [String: Tensor] {
        guard !clips.isEmpty else { return [:] }
        let bias = pairs.flatMap { pair in clips.map { $0 < 0 || $0 == Int32(clamping: pair) ? Float(-1e4) : 0 } }
        return [
            Contrast.queueInput: try Tensor([clips.count, size], vectors),
            Contrast.biasInput: try Tensor([pairs.count, clips.count], bias),
        ]
    }

    /// Takes in the embeddings of `pairs`, `[clip, embedding]` of any length, in place of the oldest.
    mutating func append(_ embeddings: [Float], of pairs: some Sequence<Int>) {
        guard !clips.isEmpty else { return }
        for (row, clip) in pairs.enumerated() {
            let own = embeddings[row * size..<(row + 1) * size]
            let length = own.reduce(0) { $0 + $1 * $1 }.squareRoot()
            vectors.replaceSubrange(next * size..<(next + 1) * size, with: own.map { $0 / max(length, 1e-12) })
            clips[next] = Int32(clamping: clip)
            next = (next + 1) % clips.count
        }
    }

    /// All of it, for a checkpoint.
    func state() throws -> [String: Tensor] {
        guard !clips.isEmpty else { return [:] }
        return [
            "queue.vectors": try Tensor([clips.count, size], vectors),
            "queue.clips": try Tensor([clips.count + 1], clips + [Int32(next)]),
        ]
    }

    /// Takes up what `state` gave.
    /// - Throws: `TrainingError.checkpoint` if it is missing or of another size.
    mutating func restore(from file: SafetensorsFile) throws {
        guard !clips.isEmpty else { return }
        guard case .float32(let vectors)? = file.tensors["queue.vectors"]?.storage, vectors.count == self.vectors.count,
            case .int32(let places)? = file.tensors["queue.clips"]?.storage, places.count == clips.count + 1,
            let next = places.last, clips.indices.contains(Int(next))
        else {
            throw TrainingError(
                .checkpoint, "\(file.path ?? "the checkpoint"): the queue of embeddings is missing or of another size")
        }
        (self.vectors, clips, self.next) = (vectors, Array(places.dropLast()), Int(next))
    }
}
