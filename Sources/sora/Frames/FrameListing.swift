import Foundation
import Media

/// Which frames were taken of a file: what `sora frames` says, and writes beside them.
struct FrameListing: Encodable {
    struct Entry: Encodable {
        /// Which frame of the whole decode it is, from 0; -1 for one that stands in for a lost frame.
        var index: Int
        /// Exactly.
        var time: MediaTime
        /// The same, rounded.
        var seconds: Double
        /// Whether it is damaged, or stands in for one that is.
        var damaged: Bool
    }

    var path: String
    var out: String?
    var height = 0
    var width = 0
    /// Damaged frames in the part that was decoded, whether they were taken or not.
    var damaged = 0
    var frames: [Entry] = []

    init(path: String, out: String?) {
        self.path = path
        self.out = out
    }

    mutating func append(_ frame: Frame) {
        (height, width) = (frame.height, frame.width)
        frames.append(
            Entry(index: frame.index, time: frame.time, seconds: frame.time.seconds, damaged: frame.isDamaged))
    }

    /// `index,time,seconds,damaged`, a row per frame in order; `time` is the exact fraction of seconds.
    var csv: String {
        var text = "index,time,seconds,damaged\n"
        for frame in frames {
            text += "\(frame.index),\(frame.time),\(frame.seconds),\(frame.damaged ? 1 : 0)\n"
        }
        return text
    }

    /// `clip.mp4: 16 frames of 112x112 pixels, 0.042-1.958 s`
    var summary: String {
        guard let first = frames.first, let last = frames.last else { return "\(path): no frames" }
        return "\(path): \(frames.count) frames of \(width)x\(height) pixels, "
            + String(format: "%.3f-%.3f s", first.seconds, last.seconds)
            + (damaged > 0 ? ", \(damaged) damaged in the video" : "")
    }

    /// A line per frame, for people.
    var lines: [String] {
        frames.map { frame in
            "  frame \(frame.index)".padded(16) + String(format: "%10.4f s  = ", frame.seconds)
                + "\(frame.time) s" + (frame.damaged ? "  damaged" : "")
        }
    }
}
