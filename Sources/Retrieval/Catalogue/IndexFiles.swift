internal import Foundation

/// The files of an index's folder.
public struct IndexFiles: Sendable {
    /// Where they are.
    public let folder: String

    public init(folder: String) { self.folder = folder }

    /// The catalogue: SQLite, with its write-ahead log beside it.
    public var catalogue: String { folder + "/catalogue.sqlite" }
    /// The vectors, made from the catalogue.
    var vectors: String { folder + "/vectors.faiss" }

    /// What the vectors' file holds.
    var state: String { folder + "/vectors.json" }

    /// Puts a whole file in the place of another, once it is on the disk.
    static func replace(_ path: String, by temporary: String) throws {
        let file = FileHandle(forUpdatingAtPath: temporary)
        try? file?.synchronize()
        try? file?.close()
        guard unsafe rename(temporary, path) == 0 else {
            throw RetrievalError(.vectors, "\(path): cannot be written: \(unsafe String(cString: strerror(errno)))")
        }
    }

    /// Puts a whole index in the place of another, which is kept under another name; what was there before is removed.
    /// - Throws: `RetrievalError.catalogue` if folders cannot be renamed.
    public static func exchange(_ folder: String, for made: String, keeping old: String) throws {
        remove(old)
        for (from, to) in [(folder, old), (made, folder)] {
            guard unsafe rename(from, to) == 0 else {
                throw RetrievalError(
                    .catalogue, "\(to): cannot be renamed to: \(unsafe String(cString: strerror(errno)))")
            }
        }
    }

    static func remove(_ path: String) { try? FileManager.default.removeItem(atPath: path) }
}
