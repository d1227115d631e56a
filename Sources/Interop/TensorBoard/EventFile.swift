internal import Foundation

/// Figures of a run as TensorBoard reads them, in a file that grows.
///
/// A record is its length (8 bytes, little-endian), the masked CRC-32C of these, the bytes of an `Event` message, and
/// their masked CRC-32C. The first says which version of the format it is; the second that a session begins at a step,
/// on which readers forget what earlier files of the folder have from that step on: a run that is resumed has no point
/// twice. Not for use from two threads at once.
public final class EventFile {
    /// Where it is.
    public let path: String
    private let handle: FileHandle
    private let clock: () -> Double

    /// Begins a file in `folder`, which is made if it is not there.
    ///
    /// - Parameters:
    ///   - step: the first step that will be written.
    ///   - clock: seconds since 1970, the system's where nil; the name holds them too, so that files sort by time.
    /// - Throws: `InteropError.file` if it cannot be made.
    public init(folder: String, startingAt step: Int, clock: (() -> Double)? = nil) throws {
        let clock = clock ?? { Date().timeIntervalSince1970 }
        path = "\(folder)/\(Self.prefix)\(String(format: "%017.6f", clock()))\(Self.suffix)"
        self.clock = clock
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try Data().write(to: URL(fileURLWithPath: path), options: .withoutOverwriting)
            handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        } catch {
            throw Self.failure(path, error)
        }
        try append { $0.text(3, "brain.Event:2") }
        try append {
            $0.integer(2, step)
            var session = ProtobufMessage()
            session.integer(1, 1)
            $0.message(7, session)
        }
    }

    /// Adds numbers of a step, each under its name.
    /// - Throws: `InteropError.file` if they cannot be written.
    public func append(_ numbers: [(name: String, value: Double)], step: Int) throws {
        try append {
            $0.integer(2, step)
            var summary = ProtobufMessage()
            for (name, value) in numbers {
                var entry = ProtobufMessage()
                entry.text(1, name)
                entry.float(2, Float(value))
                summary.message(1, entry)
            }
            $0.message(5, summary)
        }
    }

    /// Removes the files that this type has made in `folder`: those of a run that is begun anew.
    public static func removeAll(in folder: String) {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        for name in names where name.hasPrefix(prefix) && name.hasSuffix(suffix) {
            try? FileManager.default.removeItem(atPath: "\(folder)/\(name)")
        }
    }

    private static let prefix = "events.out.tfevents."
    private static let suffix = ".sora"

    /// Adds an event of now. Its fields are numbered as in TensorFlow's `event.proto` and `summary.proto`.
    private func append(_ body: (inout ProtobufMessage) -> Void) throws {
        var event = ProtobufMessage()
        event.double(1, clock())
        body(&event)
        do {
            try handle.write(contentsOf: Data(Self.record(event)))
        } catch {
            throw Self.failure(path, error)
        }
    }

    private static func record(_ event: ProtobufMessage) -> [UInt8] {
        let bytes = event.pieces.flatMap { piece in
            if case .bytes(let bytes) = piece { bytes } else { [UInt8]() }
        }
        let length = littleEndian(UInt64(bytes.count))
        return length + littleEndian(CRC32C.masked(length)) + bytes + littleEndian(CRC32C.masked(bytes))
    }

    private static func littleEndian(_ value: some FixedWidthInteger) -> [UInt8] {
        (0..<value.bitWidth / 8).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    }

    private static func failure(_ path: String, _ error: any Error) -> InteropError {
        InteropError(.file, "\(path): the figures for TensorBoard cannot be written (\(error.localizedDescription))")
    }
}
