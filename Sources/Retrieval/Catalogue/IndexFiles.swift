internal import Foundation

/// The files of an index's folder.
struct IndexFiles: Sendable {
    let folder: String

    /// The catalogue: SQLite, with its write-ahead log beside it.
    var catalogue: String { folder + "/catalogue.sqlite" }
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

    static func remove(_ path: String) { try? FileManager.default.removeItem(atPath: path) }
}
