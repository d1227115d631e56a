internal import Foundation
public import Media

/// Hashes of a video's frames that small changes leave alone: the signs, about their median, of the 8x8 lowest frequencies of
/// a 32x32 grey picture (pHash; Zauner 2010). What the model's vectors are measured against.
public struct PerceptualHash: Sendable {
    /// 64 signs of each frame.
    public let frames: [UInt64]

    /// Looks at two frames a second of a video.
    /// - Throws: `MediaError` if it cannot be decoded.
    public init(of path: String) throws {
        var frames: [UInt64] = []
        let request = FrameRequest(sampling: .rate(2), resize: .exact(width: 32, height: 32))
        try VideoReader(path: path).forEachFrame(request) { frame in
            frames.append(Self.hash(frame.bytes))
            return true
        }
        self.frames = frames
    }

    /// How alike two videos are, 0...1: of each frame of this one the best match in the other, averaged.
    public func likeness(to other: PerceptualHash) -> Double {
        guard !frames.isEmpty, !other.frames.isEmpty else { return 0 }
        let distances = frames.map { hash in other.frames.reduce(64) { min($0, (hash ^ $1).nonzeroBitCount) } }
        return 1 - Double(distances.reduce(0, +)) / Double(64 * frames.count)
    }

    /// `cosines[frequency][place]`, of a discrete cosine transform of 32 numbers.
    private static let cosines: [[Float]] = (0..<8).map { frequency in
        (0..<32).map { Float(cos(Double.pi / 32 * (Double($0) + 0.5) * Double(frequency))) }
    }

    static func hash(_ bytes: [UInt8]) -> UInt64 {
        guard bytes.count == 32 * 32 * 3 else { return 0 }
        let grey = (0..<32 * 32).map { pixel in
            0.299 * Float(bytes[3 * pixel]) + 0.587 * Float(bytes[3 * pixel + 1]) + 0.114 * Float(bytes[3 * pixel + 2])
        }
        let rows = (0..<32).map { row in
            cosines.map { wave in (0..<32).reduce(Float(0)) { $0 + grey[row * 32 + $1] * wave[$1] } }
        }
        let values = cosines.flatMap { wave in
            (0..<8).map { column in (0..<32).reduce(Float(0)) { $0 + rows[$1][column] * wave[$1] } }
        }
        // The mean level says nothing of the picture.
        let median = values.dropFirst().sorted()[31]
        return values.enumerated().reduce(0) { $1.element > median ? $0 | 1 << UInt64($1.offset) : $0 }
    }
}
