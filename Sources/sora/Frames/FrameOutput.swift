import Foundation
import Media

/// Where `sora frames` puts frames, one by one as they are decoded: a long video takes no more memory than a short one.
protocol FrameOutput {
    /// Where the frames' times are to be written; nil if nowhere.
    var timesPath: String? { get }
    /// Adds the next frame.
    mutating func add(_ frame: Frame) throws
    /// Completes what was written.
    mutating func finish() throws
}

/// Chooses an output by what a path looks like.
enum FrameOutputs {
    /// - Throws: `MediaError.unwritable` if the path names no kind of output, or cannot be written.
    static func open(_ path: String) throws -> any FrameOutput {
        let name = URL(fileURLWithPath: path).pathExtension.lowercased()
        if OutputPath.isFolder(path) || path.hasSuffix("/") || name.isEmpty { return try PictureFolder(path) }
        switch name {
        case "npy":
            try OutputPath.requireFile(path)
            return ArrayOutput(path: path)
        case "png":
            try OutputPath.requireFile(path)
            return ContactSheet(path: path)
        default:
            throw MediaError(
                .unwritable, path: path, "frames are not written as .\(name)",
                remedy: "Name a folder, an .npy file or a .png file; end a folder's name with / if it holds a dot.")
        }
    }
}

/// A PNG for each frame: `frame-00000.png`, …, and `timestamps.csv`.
struct PictureFolder: FrameOutput {
    let path: String
    private var count = 0

    init(_ path: String) throws {
        self.path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
        try OutputPath.makeFolder(path)
    }

    var timesPath: String? { "\(path)/timestamps.csv" }

    mutating func add(_ frame: Frame) throws {
        try frame.asFrames.writePNG(to: name(count))
        count += 1
    }

    func finish() {
        guard FileManager.default.fileExists(atPath: name(count)) else { return }
        Console.note("note: \(path) also holds pictures of an earlier run, from frame-\(digits(count)).png on")
    }

    private func name(_ index: Int) -> String { "\(path)/frame-\(digits(index)).png" }
    private func digits(_ index: Int) -> String { String(format: "%05d", index) }
}

/// An array `[frame, height, width, 3]` of bytes.
struct ArrayOutput: FrameOutput {
    let path: String
    private var stream: NumPyStream?

    init(path: String) { self.path = path }

    var timesPath: String? { path + ".times.csv" }

    mutating func add(_ frame: Frame) throws {
        let stream = try stream ?? NumPyStream(path: path, rowShape: [frame.height, frame.width, 3])
        self.stream = stream
        try stream.append(frame.bytes)
    }

    func finish() throws { try stream?.finish() }
}

/// All frames on one picture, which has room for so many only.
struct ContactSheet: FrameOutput {
    let path: String
    private var frames: Frames?

    /// A third of the pixels that FFmpeg takes for a picture.
    private static let mostBytes = 1 << 28

    init(path: String) { self.path = path }

    var timesPath: String? { nil }

    mutating func add(_ frame: Frame) throws {
        var all = frames ?? Frames(height: frame.height, width: frame.width)
        // Otherwise appending would copy them all.
        frames = nil
        all.append(frame)
        frames = all
        guard all.bytes.count <= Self.mostBytes else {
            let most = Self.mostBytes / max(frame.height * frame.width * 3, 1)
            throw MediaError(
                .badRequest, path: path,
                "a contact sheet has room for \(most) frames of \(frame.width)x\(frame.height) pixels",
                remedy: "Take fewer with --count, smaller ones with --size, or name an .npy file or a folder.")
        }
    }

    func finish() throws { try frames?.contactSheet().writePNG(to: path) }
}

extension Frame {
    /// The frame as a sequence of one.
    fileprivate var asFrames: Frames {
        Frames(height: height, width: width, bytes: bytes, times: [time], indices: [index])
    }
}

extension Frames {
    fileprivate mutating func append(_ frame: Frame) {
        bytes.append(contentsOf: frame.bytes)
        times.append(frame.time)
        indices.append(frame.index)
    }
}
