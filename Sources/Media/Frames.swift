/// Decoded frames of one size: RGB bytes with their timestamps.
///
/// With the crop `.five` each decoded frame is five frames here, with the same time and index. Frames come in the order of
/// their times; sampling may repeat one.
///
/// `bytes` has axes `[frame, height, width, channel]` with channels red, green, blue, and no padding.
public struct Frames: Sendable {
    /// Height of every frame, in pixels.
    public let height: Int
    /// Width of every frame, in pixels.
    public let width: Int
    /// Samples 0...255, `[frame, height, width, 3]`.
    public var bytes: [UInt8]
    /// When each frame is shown.
    public var times: [MediaTime]
    /// Which frame of a sequential decode each one is, from 0; -1 where that is not known.
    public var indices: [Int]
    /// How many frames of the part read were damaged, lost, or missing from a file that is cut short (skipped or replaced,
    /// as the damage policy says). What need not be decoded for the frames asked for (see `VideoReader.read`) is not
    /// looked at, and its damage not counted: to have a whole file checked, read all its frames.
    public var damagedCount: Int
    /// Seconds between each frame and the one asked for, whichever comes first: all 0 unless the request's accuracy is
    /// `.fast`. Empty where nobody has said.
    public var distances: [Double] = []

    /// The largest of `distances`; 0 without any.
    public var largestDistance: Double { distances.max() ?? 0 }
    /// The mean of `distances`; 0 without any.
    public var meanDistance: Double { distances.isEmpty ? 0 : distances.reduce(0, +) / Double(distances.count) }

    /// How many frames there are.
    public var count: Int { times.count }

    public init(
        height: Int, width: Int, bytes: [UInt8] = [], times: [MediaTime] = [], indices: [Int] = [],
        damagedCount: Int = 0
    ) {
        self.height = height
        self.width = width
        self.bytes = bytes
        self.times = times
        self.indices = indices
        self.damagedCount = damagedCount
    }

    /// The range of `bytes` that holds frame `index`.
    public func byteRange(of index: Int) -> Range<Int> {
        let size = height * width * 3
        return index * size..<(index + 1) * size
    }
}
