public import Datasets
import Foundation
import Neural
public import SoraModel

/// Where a cross-validation keeps what it has done, so that one that was stopped goes on fold by fold.
///
/// `settings.json` says what was asked for; `fold-<name>.safetensors` is a fold's model, with its checkpoint and history
/// beside it, and `fold-<name>.predictions.csv` what it says of the clips that were held out: the fold is done when that
/// is there.
public struct CrossValidationFolder: Sendable {
    /// What determines the models, to the bit.
    struct Settings: Codable, Equatable {
        struct Round: Codable, Equatable {
            var name: String
            /// Changes with the clips that are trained with and validated on.
            var clips: String
        }
        var configuration: ModelConfiguration
        var options: TrainingOptions
        /// The file that the models start from, and what changes with its bytes.
        var weights: [String]?
        var rounds: [Round]
    }

    /// The folder.
    public let path: String
    private let names: [String: String]
    private let configuration: ModelConfiguration

    /// Takes up what is there of the same cross-validation, or begins one. The folder is there already.
    ///
    /// - Parameters:
    ///   - rounds: the folds, with the clips of each.
    ///   - weights: the file that the models start from, if any.
    /// - Throws: `TrainingError.checkpoint` if the folder holds another cross-validation, `TrainingError.data` if the
    ///   weights cannot be read, `NeuralError.file` if the folder cannot be written to.
    public init(
        _ path: String, rounds: [(fold: Fold, data: TrainingData)], configuration: ModelConfiguration,
        options: TrainingOptions, weights: String?
    ) throws {
        self.path = path
        self.configuration = configuration
        names = Dictionary(
            rounds.enumerated().map { ($1.fold.name, Self.fileName($1.fold.name, number: $0)) },
            uniquingKeysWith: { first, _ in first })
        let settings = Settings(
            configuration: configuration, options: options, weights: try weights.map { [$0, try Self.digest(of: $0)] },
            rounds: rounds.map { Settings.Round(name: $0.fold.name, clips: $0.data.fingerprint) })
        let file = path + "/settings.json"
        if let known = FileManager.default.contents(atPath: file) {
            guard let found = try? JSONDecoder().decode(Settings.self, from: known), found == settings else {
                throw TrainingError(
                    .checkpoint,
                    "\(path): it holds a cross-validation with other clips or options; name another folder with --out, or "
                        + "delete this one")
            }
            return
        }
        try Self.write(settings, to: file)
    }

    private static func write(_ value: some Encodable, to file: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        try AtomicFile.write(String(decoding: try encoder.encode(value), as: UTF8.self) + "\n", to: file)
    }

    private static func digest(of file: String) throws -> String {
        let found =
            file == DefaultModel.name ? Data(DefaultModel.bytes) : FileManager.default.contents(atPath: file)
        guard let bytes = found else {
            throw TrainingError(.data, "\(file): cannot be read; correct the path of --weights")
        }
        var fingerprint = Fingerprint()
        fingerprint.add(bytes)
        return fingerprint.text
    }

    /// A fold's name where it can be part of a file's name, else its number.
    private static func fileName(_ name: String, number: Int) -> String {
        let isPlain = name.utf8.allSatisfy { byte in
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
                || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || byte == UInt8(ascii: "-")
                || byte == UInt8(ascii: "_")
        }
        return isPlain && !name.isEmpty && name.utf8.count <= 60 ? name : "number\(number)"
    }

    private func prefix(_ fold: Fold) -> String { "\(path)/fold-\(names[fold.name] ?? fold.name)" }

    /// Where a fold's model goes.
    public func model(of fold: Fold) -> String { prefix(fold) + ".safetensors" }

    /// Where the predictions of all folds go.
    public var joined: String { path + "/predictions.csv" }

    /// Whether a fold's training was begun.
    public func isBegun(_ fold: Fold) -> Bool {
        FileManager.default.fileExists(atPath: Checkpoint.path(besides: model(of: fold)))
    }

    /// What a fold's model says of the clips held out; nil until it is done.
    /// - Throws: `TrainingError` if the file is damaged.
    public func predictions(of fold: Fold) throws -> PredictionTable? {
        let file = prefix(fold) + ".predictions.csv"
        guard FileManager.default.fileExists(atPath: file) else { return nil }
        let table = try PredictionTable(reading: file)
        guard table.labels == configuration.labels else {
            throw TrainingError(.checkpoint, "\(file): its classes are not the model's; delete it, and start again")
        }
        return try PredictionTable(
            labels: table.labels, isMultiLabel: configuration.head.kind == .multiLabel, rows: table.rows)
    }

    /// Takes away the model of a fold that is done, and its checkpoint, where only its predictions are wanted.
    public func removeModel(of fold: Fold) {
        for file in [model(of: fold), Checkpoint.path(besides: model(of: fold))] {
            try? FileManager.default.removeItem(atPath: file)
        }
    }

    /// Keeps what a fold's model says, and which clips could not be decoded: the fold is done.
    public func keep(_ predictions: PredictionTable, failures: [UndecodedClip], of fold: Fold) throws {
        try Self.write(failures, to: prefix(fold) + ".failures.json")
        try predictions.write(to: prefix(fold) + ".predictions.csv")
    }

    /// The clips of a fold that is done which could not be decoded.
    /// - Throws: `TrainingError.checkpoint` if the file is damaged.
    public func failures(of fold: Fold) throws -> [UndecodedClip] {
        let file = prefix(fold) + ".failures.json"
        guard let text = FileManager.default.contents(atPath: file) else { return [] }
        do { return try JSONDecoder().decode([UndecodedClip].self, from: text) } catch {
            throw TrainingError(
                .checkpoint, "\(file): is damaged (\(error.decodingFault)); delete it and the fold's predictions")
        }
    }
}
