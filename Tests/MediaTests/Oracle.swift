import Foundation
import Media

/// What the `ffprobe` and `ffmpeg` commands make of a file: the independent source of the expected values.
struct Oracle {
    /// Each frame's best-effort timestamp in units of the time base, nil where there is none.
    var timestamps: [Int64?]
    /// Adler-32 (from 0, as FFmpeg's `framecrc` counts) of each frame's RGB bytes at the size asked for.
    var checksums: [UInt32]

    static let isAvailable = run("ffmpeg", ["-version"]).status == 0 && run("ffprobe", ["-version"]).status == 0

    /// Decodes `path` with the commands, at most `limit` frames of stream `stream`.
    init(path: String, stream: Int, width: Int, height: Int, limit: Int, threads: Int = 2, decoder: [String] = []) {
        let probe = Oracle.run(
            "ffprobe",
            [
                "-v", "quiet", "-threads", "\(threads)", "-select_streams", "\(stream)", "-read_intervals",
                "%+#\(limit + 64)",
                "-show_entries", "frame=best_effort_timestamp", "-of", "csv=p=0", "file:" + path,
            ])
        // The limit is on packets; what is still in the decoder at the end of the interval comes out wrong.
        timestamps = probe.text.split(separator: "\n").prefix(limit).map { line in
            Int64(line.split(separator: ",").first.map(String.init) ?? "")
        }
        let decode = Oracle.run(
            "ffmpeg",
            [
                "-v", "quiet", "-nostdin", "-threads", "\(threads)", "-noautorotate",
            ] + decoder + [
                "-i", "file:" + path, "-map", "0:\(stream)",
                "-vsync", "passthrough", "-frames:v", "\(limit)", "-vf",
                "scale=\(width):\(height):flags=bicubic,format=rgb24",
                "-f", "framecrc", "-",
            ])
        checksums = decode.text.split(separator: "\n").filter { !$0.hasPrefix("#") }.compactMap { line in
            line.split(separator: ",").dropFirst(5).first
                .flatMap { UInt32($0.trimmingCharacters(in: .whitespaces).dropFirst(2), radix: 16) }
        }
    }

    /// Raw frames as the command writes them, one array for all.
    static func raw(path: String, stream: Int, filters: String, format: String, decoder: [String] = []) -> [UInt8] {
        let result = run(
            "ffmpeg",
            ["-v", "quiet", "-nostdin", "-threads", "2", "-noautorotate"] + decoder + ["-i", "file:" + path]
                + [
                    "-map", "0:\(stream)", "-vsync", "passthrough", "-vf", filters, "-pix_fmt", format, "-f",
                    "rawvideo",
                    "-",
                ])
        return [UInt8](result.output)
    }

    struct Result {
        var status: Int32
        var output: Data
        var text: String { String(decoding: output, as: UTF8.self) }
    }

    /// Runs a command and returns what it printed; killed after `seconds`.
    @discardableResult
    static func run(_ command: String, _ arguments: [String], seconds: Double = 60) -> Result {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [command] + arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        do { try process.run() } catch { return Result(status: 127, output: Data()) }
        let killer = DispatchWorkItem { process.terminate() }
        DispatchQueue.global().asyncAfter(deadline: .now() + seconds, execute: killer)
        let output = (try? pipe.fileHandleForReading.readToEnd()) ?? Data()
        process.waitUntilExit()
        killer.cancel()
        return Result(status: process.terminationStatus, output: output)
    }
}

/// Adler-32 from 0, as FFmpeg's `framecrc` counts it.
func adler(_ bytes: some Sequence<UInt8>) -> UInt32 {
    var (a, b): (UInt32, UInt32) = (0, 0)
    for byte in bytes {
        a += UInt32(byte)
        if a >= 65521 { a -= 65521 }
        b += a
        if b >= 65521 { b -= 65521 }
    }
    return b << 16 | a
}

/// Where the shared data lies, or nil.
let sharedData: URL? = {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    let named = ProcessInfo.processInfo.environment["SORA_SHARED_DATA"].map { URL(fileURLWithPath: $0) }
    let folder = named ?? root.deletingLastPathComponent().appendingPathComponent("shared/data")
    return FileManager.default.fileExists(atPath: folder.path) ? folder : nil
}()

/// Every file of `videos` and `videos/derived`, by path; empty where there is no shared data.
let sharedVideos: [String] = {
    guard let folder = sharedData?.appendingPathComponent("videos") else { return [] }
    return [folder, folder.appendingPathComponent("derived")].flatMap { folder in
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.sorted().filter { $0 != "derived" }.map { folder.appendingPathComponent($0).path }
    }
}()
