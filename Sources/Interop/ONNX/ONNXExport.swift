internal import Foundation
internal import Neural
public import SoraModel

/// A model as an ONNX file: from the bytes of clips' frames to their embeddings and probabilities.
///
/// Input `frames`, uint8 `[clips, frame, height, width, 3]`, as `sora frames` gives them, for any number of clips.
/// Outputs `embedding`, `[clips, number]`, each of length 1, and `probabilities`, `[clips, label]`. The normalisation of
/// the bytes is part of the graph; what comes before it is in the metadata. The nodes are those of the network's own
/// graph, translated one by one. The same model gives the same bytes.
public struct ONNXExport {
    /// Name and sizes of an input or output; an axis of nil is as long as there are clips.
    public struct Port: Sendable, Encodable {
        /// As other programs ask for it.
        public let name: String
        /// Of its axes.
        public let sizes: [Int?]
    }

    /// What goes in.
    public let input: Port
    /// What comes out.
    public let outputs: [Port]
    /// Operators in the graph.
    public var nodeCount: Int { model.nodes.count }
    /// Bytes of the file.
    public var byteCount: Int { message.count }
    /// The version of ONNX's operators that it is written in.
    public var operatorSet: Int { ONNXModel.operatorSet }
    package let model: ONNXModel
    private let message: ProtobufMessage

    /// What a file of this format may have: one message of Protocol Buffers.
    private static let largestFile = Int(Int32.max)

    /// - Parameter version: of the program that writes it, for the file.
    /// - Throws: `InteropError.unsupported` if an operation of the network has no translation, `.tooLarge` if the file
    ///   would have more than 2 GiB; `NeuralError` if the network cannot be built.
    public init(_ source: Model, version: String) throws {
        let weights = source.parameters.parameters.reduce(0) { $0 + $1.shape.elementCount * 4 }
        guard weights < Self.largestFile else { throw Self.tooLarge(weights) }
        let (two, three) = (try Self.graph(source, clips: 2), try Self.graph(source, clips: 3))
        let sizes = try OpenSizes(two: two.graph, three: three.graph)
        let outputs = [("embedding", two.embedding), ("probabilities", two.probabilities)]
        var translation = try ONNXTranslation(
            two.graph, sizes: sizes, parameters: source.parameters, frames: "frames", reserved: outputs.map(\.0))
        try translation.conclude(outputs.map { ($0.1, $0.0) })
        let configuration = source.configuration
        let clip = configuration.clip
        input = Port(name: "frames", sizes: [nil, clip.frames, clip.size, clip.size, 3])
        self.outputs = outputs.map { name, value in Port(name: name, sizes: [nil, two.graph.shape(value)[1]]) }
        var model = ONNXModel(name: configuration.preset, producer: ("sora", version))
        model.documentation = """
            A CNN over frames, a GRU over their vectors, and a head: '\(configuration.preset)' of Sora. One clip is \
            \(clip.frames) frames of \(clip.size)x\(clip.size) pixels, RGB, as bytes; how they are taken from a video is \
            in the metadata under sora.sampling and sora.resize.
            """
        model.nodes = translation.nodes
        model.initializers = translation.initializers
        let words = [
            "frames": "Bytes [clip, frame, height, width, channel]; what normalises them is part of the graph.",
            "embedding": "A vector of length 1 for each clip.",
            "probabilities": "A probability for each label, in the order of sora.labels.",
        ]
        model.inputs = [input.info(.uint8, words["frames"])]
        model.outputs = self.outputs.map { $0.info(.float32, words[$0.name]) }
        model.metadata = try Self.metadata(configuration, temperature: source.temperature)
        self.model = model
        message = model.encoded()
        guard message.count <= Self.largestFile else { throw Self.tooLarge(message.count) }
    }

    /// Writes the file: to a temporary name, then renamed.
    /// - Throws: `NeuralError.file` if it cannot be written.
    public func write(to path: String) throws {
        try unsafe AtomicFile.write(to: path) { write in
            for piece in message.pieces {
                switch piece {
                case .bytes(let bytes): try unsafe bytes.withUnsafeBytes(write)
                case .tensor(let tensor): try unsafe tensor.withUnsafeBytes(write)
                }
            }
        }
    }

    /// The whole network with what `Predictor` does to its results.
    private static func graph(
        _ model: Model, clips: Int
    ) throws -> (graph: Graph, embedding: Graph.Value, probabilities: Graph.Value) {
        let whole = try model.network.wholeGraph(clips: clips, isTraining: false)
        var graph = whole.graph
        graph.scope = "length"
        let embedding = try graph.normalizeLength(whole.embedding)
        graph.scope = "decision"
        let logits = model.temperature.map { graph.linear(whole.logits, scale: Float(1 / $0)) } ?? whole.logits
        let probabilities: Graph.Value
        switch model.configuration.head.kind {
        case .multiClass: probabilities = graph.softmax(logits)
        case .multiLabel: probabilities = graph.sigmoid(logits)
        case .binary:
            let positive = graph.sigmoid(logits)
            probabilities = try graph.concatenate([graph.linear(positive, scale: -1, shift: 1), positive], axis: 1)
        }
        return (graph, embedding, probabilities)
    }

    private static func metadata(
        _ configuration: ModelConfiguration, temperature: Double?
    ) throws -> [(key: String, value: String)] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        var metadata: [(key: String, value: String)] = []
        for (name, value) in configuration.clip.preprocessing { metadata.append(("sora.\(name)", value)) }
        metadata.append(("sora.head", configuration.head.kind.rawValue))
        metadata.append(("sora.labels", String(decoding: try encoder.encode(configuration.labels), as: UTF8.self)))
        for (key, value) in try ModelFile.metadata(configuration, temperature: temperature).sorted(by: {
            $0.key < $1.key
        }) {
            metadata.append((key, value))
        }
        return metadata
    }

    private static func tooLarge(_ bytes: Int) -> InteropError {
        InteropError(
            .tooLarge,
            "an ONNX file holds 2 GiB, and this model has \(bytes >> 20) MiB of weights: export a smaller network")
    }
}

extension ONNXExport.Port {
    fileprivate func info(_ type: ElementType, _ documentation: String?) -> ONNXModel.ValueInfo {
        ONNXModel.ValueInfo(
            name: name, type: type, sizes: sizes.map { $0.map { .fixed($0) } ?? .open("clips") },
            documentation: documentation ?? "")
    }
}
