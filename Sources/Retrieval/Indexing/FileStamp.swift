internal import Foundation
internal import SoraModel

/// What tells a file from others, and from itself after a change: its size, the time of its last change, and a digest of
/// its bytes.
public struct FileStamp: Sendable, Hashable, Codable {
    /// Bytes.
    public var size: Int64
    /// Nanoseconds since 1970.
    public var modified: Int64
    /// A fingerprint of the size and, of a file of more than a mebibyte, sixteen pieces of 64 KiB spread over it: enough to tell
    /// videos apart, and a hundredth of the time of reading them whole.
    public var digest: UInt64

    /// Looks at a file.
    /// - Throws: `RetrievalError.request` if it cannot be read.
    public init(of path: String) throws {
        let place = URL(fileURLWithPath: path)
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: path),
            let size = attributes[.size] as? Int64 ?? (attributes[.size] as? NSNumber)?.int64Value,
            let date = attributes[.modificationDate] as? Date,
            let file = try? FileHandle(forReadingFrom: place)
        else { throw RetrievalError(.request, "\(path): cannot be read; check the path") }
        defer { try? file.close() }
        self.size = size
        modified = Int64(max(-9e18, min(9e18, date.timeIntervalSince1970 * 1e9)))
        var fingerprint = Fingerprint()
        fingerprint.add("\(size)")
        let (pieces, length) = size > 1 << 20 ? (16, 1 << 16) : (1, Int(size))
        for piece in 0..<pieces {
            let offset = pieces > 1 ? UInt64(size - Int64(length)) * UInt64(piece) / UInt64(pieces - 1) : 0
            try? file.seek(toOffset: offset)
            guard let bytes = try? file.read(upToCount: length) else { break }
            fingerprint.add(bytes)
        }
        digest = fingerprint.number
    }

    /// What is the same for files with the same bytes.
    var content: Content { Content(size: size, digest: digest) }

    struct Content: Hashable {
        var size: Int64
        var digest: UInt64
    }

    public init(size: Int64, modified: Int64, digest: UInt64) {
        self.size = size
        self.modified = modified
        self.digest = digest
    }
}
