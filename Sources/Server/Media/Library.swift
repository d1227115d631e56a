internal import Foundation
internal import HTTPTypes
internal import Hummingbird

/// The folder of videos. Nothing outside it is reached, whatever dots and links a path has.
package struct Library: Sendable {
    /// The folder, links resolved.
    package let root: String

    /// - Throws: `ServerError` if there is no such folder.
    package init(_ path: String) throws {
        var isFolder: ObjCBool = false
        guard unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue else {
            throw ServerError("\(path): is no folder; give the folder that holds the videos")
        }
        root = Self.resolved(path)
    }

    private static func resolved(_ path: String) -> String {
        URL(fileURLWithPath: path).standardizedFileURL.resolvingSymlinksInPath().path
    }

    /// Whether a file is in the library.
    package func holds(_ path: String) -> Bool { holds(resolved: Self.resolved(path)) }

    private func holds(resolved own: String) -> Bool {
        own == root || own.hasPrefix(root == "/" ? "/" : root + "/")
    }

    /// The file or folder that a path within the library stands for.
    /// - Throws: `Failure` for one that is not there, or outside.
    package func resolve(_ relative: String) throws -> String {
        let path = root + "/" + relative
        // One answer for both, so that nobody learns what there is outside.
        guard !relative.contains("\0"), holds(path), FileManager.default.fileExists(atPath: path) else {
            throw Failure(.notFound, "there is no \(relative) in the library")
        }
        return Self.resolved(path)
    }

    /// What a file is called by those who see the library only.
    package func name(of path: String) -> String {
        let own = Self.resolved(path)
        guard holds(resolved: own) else { return path.split(separator: "/").last.map(String.init) ?? path }
        return String(own.dropFirst(root == "/" ? 1 : root.count + 1))
    }
}
