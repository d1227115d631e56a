import Foundation
import Neural

/// What each epoch of a run came to, as a CSV file that a spreadsheet or Keras's `CSVLogger` readers take.
///
/// `epoch,loss,accuracy,val_loss,val_accuracy,val_f1,learning_rate,seconds`, a row per epoch; the `val_` fields are empty
/// without validation clips. Numbers are written so that reading gives them back to the bit.
public struct TrainingHistory: Sendable, Equatable {
    static let header = "epoch,loss,accuracy,val_loss,val_accuracy,val_f1,learning_rate,seconds"

    /// In the order of their epochs.
    public private(set) var records: [EpochRecord]

    public init(_ records: [EpochRecord] = []) { self.records = records }

    /// Adds an epoch; those from it on, of a run that was interrupted after them, are taken out first.
    public mutating func append(_ record: EpochRecord) {
        records.removeAll { $0.epoch >= record.epoch }
        records.append(record)
    }

    /// The file's text.
    public var csv: String {
        let rows = records.map { record in
            func field(_ value: Double?) -> String { value.map { "\($0)" } ?? "" }
            return [
                "\(record.epoch)", field(record.loss), field(record.accuracy), field(record.validationLoss),
                field(record.validationAccuracy), field(record.validationF1), field(record.learningRate),
                field(record.seconds),
            ].joined(separator: ",")
        }
        return ([Self.header] + rows).joined(separator: "\n") + "\n"
    }

    /// Reads a file's text.
    /// - Parameter name: what errors call it.
    /// - Throws: `TrainingError.data` with the line that makes no sense.
    public init(csv: String, name: String) throws {
        let lines = csv.split(whereSeparator: \.isNewline)
        guard lines.first.map(String.init) == Self.header else {
            throw TrainingError(.data, "\(name) is not a training history: its first line should be \(Self.header)")
        }
        records = try lines.dropFirst().enumerated().map { index, line in
            let fields = line.split(separator: ",", omittingEmptySubsequences: false)
            func fault() -> TrainingError {
                TrainingError(.data, "\(name): line \(index + 2) is not an epoch's: \(line.prefix(100))")
            }
            func optional(_ position: Int) throws -> Double? {
                guard !fields[position].isEmpty else { return nil }
                guard let value = Double(fields[position]) else { throw fault() }
                return value
            }
            func number(_ position: Int) throws -> Double {
                guard let value = try optional(position) else { throw fault() }
                return value
            }
            guard fields.count == 8, let epoch = Int(fields[0]) else { throw fault() }
            return EpochRecord(
                epoch: epoch, loss: try number(1), accuracy: try number(2), validationLoss: try optional(3),
                validationAccuracy: try optional(4), validationF1: try optional(5), learningRate: try number(6),
                seconds: try number(7))
        }
    }

    /// Reads a file.
    /// - Throws: `TrainingError.data` if it cannot be read or is no history.
    public init(reading path: String) throws {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw TrainingError(.data, "cannot read the training history \(path)")
        }
        try self.init(csv: String(decoding: data, as: UTF8.self), name: path)
    }

    /// Writes the file: to a temporary name, then renamed.
    /// - Throws: `NeuralError.file` if it cannot be written.
    public func write(to path: String) throws { try AtomicFile.write(csv, to: path) }
}
