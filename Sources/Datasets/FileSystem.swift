#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif
#if canImport(Darwin)
    internal import Darwin
#elseif canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// The few things that datasets ask of the file system.
enum FileSystem {
    /// Extensions that are taken for videos in a folder.
    static let videoExtensions: Set<String> = [
        "3gp", "asf", "avi", "flv", "gif", "m2ts", "m4v", "mkv", "mov", "mp4", "mpeg", "mpg", "mts", "mxf", "ogv", "ts",
        "webm", "wmv", "y4m",
    ]

    /// The extensions, for people.
    static var videoExtensionList: String { videoExtensions.sorted().joined(separator: ", ") }

    struct Entry {
        let name: String
        let isFolder: Bool
        var isHidden: Bool { name.hasPrefix(".") }
    }

    /// Whether there is a folder (true), a file (false), or nothing (nil).
    static func isFolder(_ path: String) -> Bool? {
        var isFolder = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) ? isFolder : nil
    }

    /// A file's size in bytes, and when it was last changed in nanoseconds since 1970; nil where there is none.
    static func state(_ path: String) -> (size: Int, time: Int)? {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { return nil }
        #if canImport(Darwin)
            let time = status.st_mtimespec
        #else
            let time = status.st_mtim
        #endif
        return (Int(status.st_size), Int(time.tv_sec) &* 1_000_000_000 &+ Int(time.tv_nsec))
    }

    /// What a folder holds, by name.
    static func contents(_ path: String) throws(DatasetError) -> [Entry] {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: path).sorted().map {
                Entry(name: $0, isFolder: isFolder("\(path)/\($0)") == true)
            }
        } catch {
            throw DatasetError(
                .unreadable, path: path, "the folder cannot be read", remedy: "Check that you may read it.",
                cause: "\(error)")
        }
    }

    /// Makes a folder, with those on the way to it, where it is not there yet.
    static func makeFolder(_ path: String) throws(DatasetError) {
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            throw DatasetError(
                .unreadable, path: path, "the folder cannot be made",
                remedy: "Choose a place that you may write to.", cause: "\(error)")
        }
    }

    /// A whole text file; bytes that are not UTF-8 become U+FFFD.
    static func text(_ path: String) throws(DatasetError) -> String {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw DatasetError(
                .unreadable, path: path, "the file cannot be read", remedy: "Check that you may read it.")
        }
        return String(decoding: data, as: UTF8.self)
    }

    /// Everything up to the last slash; "." without one.
    static func folder(of path: String) -> String {
        path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    }

    /// A path taken from a folder, unless it is absolute.
    static func resolve(_ path: String, in folder: String) -> String {
        path.hasPrefix("/") || folder == "." ? path : folder == "/" ? "/" + path : "\(folder)/\(path)"
    }

    static func lowercasedExtension(_ path: String) -> String {
        let name = path.split(separator: "/").last ?? ""
        guard let dot = name.lastIndex(of: ".") else { return "" }
        return name[name.index(after: dot)...].lowercased()
    }
}
