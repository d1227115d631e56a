import Foundation
import Testing

/// The `ffmpeg` and `ffprobe` commands, as the source of expected values that is not our own code.
enum EncodingOracle {
    /// Whether both commands are installed.
    static let isAvailable = find("ffmpeg") != nil && find("ffprobe") != nil

    static func find(_ name: String) -> String? {
        ["/usr/bin/", "/usr/local/bin/", "/opt/homebrew/bin/"].map { $0 + name }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    /// Standard output of a command.
    static func run(_ name: String, _ arguments: [String]) throws -> Data {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: try #require(find(name)))
        process.arguments = arguments
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0, "\(name) \(arguments)")
        return data
    }

    static func probe(_ path: String, _ entries: String, flags: [String] = []) throws -> [String] {
        let text = try run(
            "ffprobe",
            ["-v", "error", "-select_streams", "v:0", "-of", "csv=p=0"] + flags + ["-show_entries", entries, path])
        return String(decoding: text, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    /// Presentation times as exact fractions of a second.
    static func times(_ path: String) throws -> [(value: Int64, scale: Int64)] {
        let base = try #require(try probe(path, "stream=time_base").first).split(separator: "/").compactMap {
            Int64($0)
        }
        return try probe(path, "frame=pts").compactMap { line in
            Int64(line.filter { $0 != "," }).map { ($0 * base[0], base[1]) }
        }
    }

    /// All frames as RGB bytes.
    static func decode(_ path: String) throws -> [UInt8] {
        try [UInt8](
            run(
                "ffmpeg",
                [
                    "-v", "error", "-i", path, "-vsync", "passthrough", "-f", "rawvideo", "-pix_fmt", "rgb24",
                    "-sws_flags", "accurate_rnd+full_chroma_int+full_chroma_inp", "-",
                ]))
    }
}

/// A folder that is removed at the end.
func withTemporaryFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("sora-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(folder.path)
}

/// Peak signal-to-noise ratio of two equally long runs of samples, in dB.
func peakSignalToNoise(_ a: some Collection<UInt8>, _ b: some Collection<UInt8>) -> Double {
    let squares = zip(a, b).reduce(0.0) { $0 + Double((Int($1.0) - Int($1.1)) * (Int($1.0) - Int($1.1))) }
    return 10 * (255 * 255 * Double(a.count) / max(squares, 1e-9)).logTen
}

extension Double {
    fileprivate var logTen: Double { log10(self) }
}
