import Foundation
import Neural
import SoraModel

/// A run as it stood after some step: a safetensors file beside the model, from which `--resume` goes on to the same
/// bits as if it had not been stopped.
///
/// Tensors: `model.<parameter>`, `optimizer.…`, `average.…` where the weights are averaged, and `queue.…` in training without labels. Metadata:
/// `sora.configuration`, `sora.options`, `sora.state` and `sora.data` as JSON.
struct Checkpoint {
    var configuration: ModelConfiguration
    var options: TrainingOptions
    var state: TrainingState
    /// What tells the run's data from other data.
    var dataFingerprint: String

    /// Where the checkpoint of the model at `path` lies.
    static func path(besides path: String) -> String { path + ".checkpoint" }

    enum Key {
        static let configuration = "sora.configuration"
        static let options = "sora.options"
        static let state = "sora.state"
        static let data = "sora.data"
    }

    /// Writes the checkpoint, to a temporary name first.
    /// - Parameter further: tensors of what else the run remembers.
    func write(
        to path: String, model: Model, optimizer: Optimizer, average: WeightAverage?, further: [String: Tensor]
    ) throws {
        var tensors = try model.parameters.tensors(prefix: "model.")
        tensors.merge(try optimizer.state()) { $1 }
        if let average { tensors.merge(try average.state()) { $1 } }
        tensors.merge(further) { $1 }
        let metadata = [
            Key.configuration: try Self.json(configuration), Key.options: try Self.json(options),
            Key.state: try Self.json(state), Key.data: dataFingerprint,
        ]
        try SafetensorsFile(tensors: tensors, metadata: metadata).write(to: path)
    }

    /// Reads what the file at `path` says of its run, without taking up its weights.
    /// - Throws: `TrainingError.checkpoint` if it is no checkpoint.
    init(_ file: SafetensorsFile, path: String) throws {
        func decode<Value: Decodable>(_ key: String, as type: Value.Type) throws -> Value {
            guard let json = file.metadata[key] else {
                throw TrainingError(.checkpoint, "\(path): this is no checkpoint of a training run (no \(key))")
            }
            do {
                return try JSONDecoder().decode(type, from: Data(json.utf8))
            } catch {
                throw TrainingError(
                    .checkpoint, "\(path): the checkpoint's \(key) cannot be read (\(error.decodingFault))")
            }
        }
        configuration = try decode(Key.configuration, as: ModelConfiguration.self)
        options = try decode(Key.options, as: TrainingOptions.self)
        state = try decode(Key.state, as: TrainingState.self)
        dataFingerprint = file.metadata[Key.data] ?? ""
    }

    init(configuration: ModelConfiguration, options: TrainingOptions, state: TrainingState, dataFingerprint: String) {
        self.configuration = configuration
        self.options = options
        self.state = state
        self.dataFingerprint = dataFingerprint
    }

    /// Takes up the weights and the optimiser's memory.
    static func restore(
        _ file: SafetensorsFile, into model: Model, optimizer: Optimizer, average: WeightAverage?
    ) throws {
        try model.parameters.load(from: file, prefix: "model.")
        try optimizer.restore(from: file)
        try average?.restore(from: file)
    }

    private static func json(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }
}
