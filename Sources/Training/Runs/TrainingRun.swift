import Foundation
import SoraModel

/// A training run as its files tell of it: the history, and the model beside it.
public struct TrainingRun: Sendable, Encodable {
    /// The history file.
    public var history: String
    /// The model file.
    public var model: String
    /// What the model was made from; nil where its file is not there.
    public var preset: String?
    /// The model's labels; nil where its file is not there.
    public var labels: [String]?
    /// What it was set to, by name; empty where its checkpoint is not there.
    public var settings: [String: String]
    /// Finished epochs.
    public var epochs: Int
    /// The epoch whose weights were kept: that with the highest macro F1 on the validation clips and, of equals, the
    /// lowest loss; the last one without validation clips.
    public var best: EpochRecord
    /// Mean loss over the training clips in the last epoch.
    public var finalLoss: Double
    /// How long all epochs took.
    public var seconds: Double
    /// What each epoch came to.
    public var records: [EpochRecord] { curve.records }

    private let curve: TrainingHistory

    private enum CodingKeys: CodingKey {
        case history, model, preset, labels, settings, epochs, best, finalLoss, seconds
    }

    /// What a history file's name ends in; the model's is what stands before.
    public static let suffix = ".history.csv"

    /// Reads the history at `path`.
    /// - Throws: `TrainingError.data` if it cannot be read, is no history, or holds no epoch.
    public init(history path: String) throws {
        curve = try TrainingHistory(reading: path)
        guard let last = curve.records.last else {
            throw TrainingError(.data, "\(path) holds no epoch: the run has not finished its first")
        }
        history = path
        model = path.hasSuffix(Self.suffix) ? String(path.dropLast(Self.suffix.count)) : path
        settings = RunSettings.settings(ofModel: model)
        epochs = curve.records.count
        let validated = curve.records.filter { $0.validationLoss != nil }
        best = validated.min(by: Self.isBetter) ?? last
        finalLoss = last.loss
        seconds = curve.records.reduce(0) { $0 + $1.seconds }
    }

    /// Takes over what the model file says, if there is one.
    /// - Throws: `NeuralError` or `ModelError` if the file is not a model's.
    public mutating func readModel() throws {
        guard FileManager.default.fileExists(atPath: model) else { return }
        let configuration = try ModelConfiguration(reading: model)
        (preset, labels) = (configuration.preset, configuration.labels)
    }

    /// Whether `a` comes before `b` in a list of runs: the better validation first, those without any last.
    public static func precedes(_ a: TrainingRun, _ b: TrainingRun) -> Bool {
        switch (a.best.validationLoss, b.best.validationLoss) {
        case (nil, nil): a.finalLoss < b.finalLoss
        case (nil, _): false
        case (_, nil): true
        default: isBetter(a.best, b.best)
        }
    }

    private static func isBetter(_ a: EpochRecord, _ b: EpochRecord) -> Bool {
        let (aLoss, bLoss) = (a.validationLoss ?? .infinity, b.validationLoss ?? .infinity)
        return (b.validationF1 ?? 0, aLoss) < (a.validationF1 ?? 0, bLoss)
    }
}

extension TrainingRun {
    /// The history files that `place` stands for, by name: itself, that of the model of this name, or all in the folder
    /// of this name and the folders in it.
    /// - Throws: `TrainingError.data` if there is none.
    public static func histories(at place: String) throws -> [String] {
        let manager = FileManager.default
        var isFolder = ObjCBool(false)
        let isThere = unsafe manager.fileExists(atPath: place, isDirectory: &isFolder)
        guard isThere, isFolder.boolValue else {
            if place.hasSuffix(suffix) || !manager.fileExists(atPath: place + suffix) { return [place] }
            return [place + suffix]
        }
        let names = manager.enumerator(atPath: place)?.compactMap { $0 as? String } ?? []
        let found = names.filter { name in
            name.hasSuffix(suffix) && !name.split(separator: "/").contains { $0.hasPrefix(".") }
        }
        guard !found.isEmpty else {
            throw TrainingError(
                .data, "\(place) holds no *\(suffix): 'sora train' writes one beside each model")
        }
        return found.sorted().map { place == "." ? $0 : place.hasSuffix("/") ? place + $0 : "\(place)/\($0)" }
    }
}
