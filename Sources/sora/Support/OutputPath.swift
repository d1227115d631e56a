import Foundation
import Media

/// A place that a command is to write to.
enum OutputPath {
    /// Finds out before the work, rather than after it, that a file cannot be written.
    /// - Throws: `MediaError.unwritable` naming the path, the cause and the remedy.
    static func requireFile(_ path: String) throws {
        if isFolder(path) {
            throw MediaError(.unwritable, path: path, "it is a folder", remedy: "Name a file in it.")
        }
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        guard isFolder(folder) else {
            throw MediaError(
                .unwritable, path: path, "its folder \(folder) does not exist", remedy: "Make the folder first.")
        }
        guard FileManager.default.isWritableFile(atPath: folder) else {
            throw MediaError(
                .unwritable, path: path, "its folder \(folder) may not be written to",
                remedy: "Choose another place, or change the folder's permissions.")
        }
    }

    /// Whether there is a folder of that name.
    static func isFolder(_ path: String) -> Bool {
        var isFolder = ObjCBool(false)
        let isThere = unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
        return isThere && isFolder.boolValue
    }

    /// Makes a folder, if it is not there.
    /// - Throws: `MediaError.unwritable`.
    static func makeFolder(_ path: String) throws {
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            throw MediaError(
                .unwritable, path: path, "the folder cannot be made",
                remedy: "Choose a place that you may write to, where no file of that name is.",
                cause: error.localizedDescription)
        }
    }
}
