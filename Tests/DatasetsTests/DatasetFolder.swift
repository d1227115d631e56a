import Datasets
import Foundation
import Media
import Testing

/// A folder of small videos made for a test, removed when the test drops it.
final class DatasetFolder {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("datasets-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Writes a text or an empty file, with the folders to it.
    @discardableResult
    func write(_ name: String, _ text: String = "") throws -> String {
        let file = path + "/" + name
        try FileManager.default.createDirectory(
            atPath: URL(fileURLWithPath: file).deletingLastPathComponent().path, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: URL(fileURLWithPath: file))
        return file
    }

    /// Writes a video in which frame `i` of clip `tone` has the grey level `tone + 4 i` left of a white right edge.
    @discardableResult
    func video(_ name: String, tone: Int, frames: Int, width: Int = 40, height: Int = 32) throws -> String {
        let file = try write(name)
        let encoder = try VideoEncoder(path: file, width: width, height: height, options: .init(quality: 1, threads: 1))
        for index in 0..<frames {
            var bytes: [UInt8] = []
            for pixel in 0..<width * height {
                let level = pixel % width >= width - 4 ? 250 : UInt8(clamping: tone + 4 * index)
                bytes += [level, level, level]
            }
            try encoder.append(bytes, at: MediaTime(value: Int64(index), timescale: 10))
        }
        try encoder.finish()
        return file
    }

    /// A manifest of `count` clips in two classes, with lengths that differ.
    func manifest(count: Int, frames: Int = 9) throws -> Manifest {
        for clip in 0..<count {
            try video("\(clip % 2 == 0 ? "even" : "odd")/\(clip).mp4", tone: 20 + 5 * clip, frames: frames + clip % 3)
        }
        return try Manifest(path: path)
    }
}

/// Real data outside the repository, where there is some.
let sharedData: String? = {
    let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    let candidates: [String?] = [
        ProcessInfo.processInfo.environment["SORA_SHARED_DATA"], package.appendingPathComponent("../shared/data").path,
    ]
    return candidates.compactMap(\.self).first { FileManager.default.fileExists(atPath: $0) }
}()

/// A fixture's bytes.
func fixture(_ name: String) throws -> Data {
    try Data(
        contentsOf: URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
            "Fixtures/" + name))
}
