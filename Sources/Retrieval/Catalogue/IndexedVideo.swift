public import Foundation
public import Media

/// A video of the collection.
public struct IndexedVideo: Sendable, Hashable, Codable {
    /// Its number in the catalogue, which no other video ever gets.
    public var id: Int64
    /// The file, as an absolute path.
    public var path: String
    /// What tells the file from others, and from itself after a change.
    public var stamp: FileStamp
    /// Seconds from the first frame's beginning to the last frame's end.
    public var duration: Double
    /// Width and height as shown, in pixels.
    public var width: Int
    public var height: Int
    /// Average frames a second.
    public var rate: Double
    /// The codec's name.
    public var codec: String
}

/// A part of a video, with its vector.
public struct Segment: Sendable, Hashable {
    /// Its number in the catalogue, which no other segment ever gets; 0 before it has one.
    public var id: Int64 = 0
    /// Start, inclusive, counted from the first frame.
    public var start: MediaTime
    /// End, exclusive, counted from the first frame.
    public var end: MediaTime
    /// Of length 1.
    public var vector: [Float]

    public init(id: Int64 = 0, start: MediaTime, end: MediaTime, vector: [Float]) {
        self.id = id
        self.start = start
        self.end = end
        self.vector = vector
    }
}

/// All that an index knows of a video: what is kept of it at once, or not at all.
public struct AnalyzedVideo: Sendable {
    /// Seconds from the first frame's beginning to the last frame's end.
    public var duration: Double
    public var width: Int
    public var height: Int
    public var rate: Double
    public var codec: String
    /// How many frames were damaged.
    public var damagedCount: Int
    /// The segments, in order.
    public var segments: [Segment]
    /// The frames that were looked at.
    public var trace: FrameTrace
}

/// Vectors of a video's frames at equal steps of time, in bytes: what matches are aligned by.
public struct FrameTrace: Sendable, Hashable {
    /// Frames a second.
    public var rate: Double
    /// Numbers of a vector.
    public var dimensions: Int
    /// When each frame is shown, in seconds from the first one.
    public var times: [Double]
    /// `[frame, number]`: each vector scaled to 127 at its largest.
    public var values: [Int8]

    public init(rate: Double, dimensions: Int, times: [Double] = [], values: [Int8] = []) {
        self.rate = rate
        self.dimensions = dimensions
        self.times = times
        self.values = values
    }

    /// How many frames there are.
    public var count: Int { times.count }

    /// Adds a frame.
    mutating func append(_ vector: some Collection<Float>, at time: Double) {
        let largest = vector.reduce(0) { max($0, abs($1)) }
        let scale = largest > 0 && largest.isFinite ? 127 / largest : 0
        values += vector.lazy.map { Int8(max(-127, min(127, ($0 * scale).rounded()))) }
        times.append(time)
    }

    /// The cosines of each frame of this one with each of another, `[own, other]`. Cost: a product of two matrices.
    func cosines(with other: FrameTrace) -> [Float] {
        let (own, others) = (unit, other.unit)
        var result = [Float](repeating: 0, count: count * other.count)
        for row in 0..<count {
            for column in 0..<other.count {
                var sum = SIMD8<Float>.zero
                let (a, b) = (row * dimensions, column * dimensions)
                var place = 0
                while place + 8 <= dimensions {
                    var (x, y) = (SIMD8<Float>.zero, SIMD8<Float>.zero)
                    for lane in 0..<8 { (x[lane], y[lane]) = (own[a + place + lane], others[b + place + lane]) }
                    sum += x * y
                    place += 8
                }
                var rest = sum.sum()
                while place < dimensions {
                    rest += own[a + place] * others[b + place]
                    place += 1
                }
                result[row * other.count + column] = rest
            }
        }
        return result
    }

    /// The vectors, of length 1.
    private var unit: [Float] {
        var result: [Float] = []
        result.reserveCapacity(values.count)
        for frame in 0..<count {
            let row = values[frame * dimensions..<(frame + 1) * dimensions].map(Float.init)
            let length = row.reduce(0) { $0 + $1 * $1 }.squareRoot()
            result += row.map { length > 0 ? $0 / length : 0 }
        }
        return result
    }
}
