internal import Foundation
internal import Media

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
    private static let cosines: [[Float]] = (0..<8).map { (frequency: Int) -> [Float] in
        (0..<32).map { (place: Int) -> Float in
            Float(cos(Double.pi / 32 * (Double(place) + 0.5) * Double(frequency)))
        }
    }

    /// What a wave takes of 32 numbers that lie `stride` apart.
    private static func coefficient(_ values: [Float], from start: Int, stride: Int, wave: [Float]) -> Float {
        var sum: Float = 0
        for place in 0..<32 { sum += values[start + place * stride] * wave[place] }
        return sum
    }

    static func hash(_ bytes: [UInt8]) -> UInt64 {
        guard bytes.count == 32 * 32 * 3 else { return 0 }
        var grey = [Float](repeating: 0, count: 32 * 32)
        for pixel in grey.indices {
            grey[pixel] = Luma.of(
                SIMD3(Float(bytes[3 * pixel]), Float(bytes[3 * pixel + 1]), Float(bytes[3 * pixel + 2])))
        }
        // By rows into [row, frequency], then by columns into [frequency, frequency].
        var rows = [Float](repeating: 0, count: 32 * 8)
        for row in 0..<32 {
            for (frequency, wave) in cosines.enumerated() {
                rows[row * 8 + frequency] = coefficient(grey, from: row * 32, stride: 1, wave: wave)
            }
        }
        var values: [Float] = []
        for wave in cosines {
            for column in 0..<8 { values.append(coefficient(rows, from: column, stride: 8, wave: wave)) }
        }
        // The mean level says nothing of the picture.
        let median = values.dropFirst().sorted()[31]
        var hash: UInt64 = 0
        for (place, value) in values.enumerated() where value > median { hash |= 1 << UInt64(place) }
        return hash
    }
}
