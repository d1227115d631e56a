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

    /// Gives a checkpoint that is about to be written anew another name, and says so: it may be of a run that somebody
    /// meant to go on with.
    /// - Throws: `MediaError.unwritable`.
    static func setAside(_ path: String) throws {
        guard FileManager.default.fileExists(atPath: path) else { return }
        let name = path + ".old"
        guard unsafe rename(path, name) == 0 else {
            throw MediaError(
                .unwritable, path: name, "an earlier run's checkpoint cannot be kept under this name",
                remedy: "Remove \(path), or go on with it by --resume.")
        }
        Console.note("note: an earlier run's checkpoint is kept as \(name); --resume goes on with one")
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
