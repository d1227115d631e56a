internal import Foundation
internal import HTTPTypes
internal import Media

/// Small pictures and short films of a video's parts, as any browser shows them. For one thread.
final class Pictures {
    private var made: [String: [UInt8]] = [:]
    private var order: [String] = []
    private var bytes = 0
    /// Bytes that are kept, the newest first.
    private static let most = 64 << 20

    /// A JPEG of the frame at a time.
    func still(_ path: String, stamp: String, at time: Double, width: Int, _ deadline: Deadline) throws -> [UInt8] {
        try kept("\(stamp) still \(time) \(width)") {
            try deadline.check()
            let reader = try VideoReader(path: path, threads: 1)
            // A time past the last frame, as rounding makes it, means the last frame.
            let last = max(0, (reader.info.duration?.seconds ?? time) - 0.001)
            let request = FrameRequest(
                sampling: .times([MediaTime(seconds: min(max(time, 0), last))]),
                resize: Self.size(reader.info.displaySize, width: width), origin: .firstFrame)
            let frames = try reader.read(request)
            guard frames.count > 0 else { throw Failure(.notFound, "the video has no frame at \(time) s") }
            return try frames.jpegData(0, quality: 0.75)
        }
    }

    /// An MP4 of a part, without sound: twelve frames a second, ten seconds at most.
    func film(_ path: String, stamp: String, from start: Double, to end: Double, width: Int, _ deadline: Deadline)
        throws
        -> [UInt8]
    {
        try kept("\(stamp) film \(start) \(end) \(width)") {
            let reader = try VideoReader(path: path, threads: 1)
            let end = min(end, start + 10)
            let request = FrameRequest(
                sampling: .rate(12), resize: Self.size(reader.info.displaySize, width: width),
                start: MediaTime(seconds: start), end: MediaTime(seconds: end), origin: .firstFrame)
            let file = FileManager.default.temporaryDirectory.path + "/sora-film-\(UInt64.random(in: 0 ... .max)).mp4"
            defer { try? FileManager.default.removeItem(atPath: file) }
            var encoder: VideoEncoder?
            var count: Int64 = 0
            try reader.forEachFrame(request) { frame in
                try deadline.check()
                let writing =
                    try encoder
                    ?? VideoEncoder(
                        path: file, width: frame.width, height: frame.height, options: .init(quality: 0.5, threads: 1))
                encoder = writing
                try writing.append(frame.bytes, at: MediaTime(value: count, timescale: 12))
                count += 1
                return true
            }
            guard let encoder else { throw Failure(.notFound, "the video has no frame from \(start) to \(end) s") }
            try encoder.finish()
            guard let data = FileManager.default.contents(atPath: file) else {
                throw Failure(HTTPResponse.Status(code: 507), "there is no room for the film")
            }
            return Array(data)
        }
    }

    /// So wide at most, and never larger than it is.
    private static func size(_ display: MediaInfo.Size, width: Int) -> FrameRequest.Resize {
        guard display.width > width, display.width > 0 else { return .none }
        // Codecs want even numbers.
        let height = max(2, display.height * width / display.width / 2 * 2)
        return .exact(width: max(2, width / 2 * 2), height: height)
    }

    private func kept(_ key: String, _ make: () throws -> [UInt8]) throws -> [UInt8] {
        if let known = made[key] { return known }
        let new = try make()
        made[key] = new
        order.append(key)
        bytes += new.count
        while bytes > Self.most, order.count > 1 {
            bytes -= made.removeValue(forKey: order.removeFirst())?.count ?? 0
        }
        return new
    }
}
