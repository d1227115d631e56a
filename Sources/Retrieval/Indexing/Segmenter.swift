internal import Media

/// Cuts a video into segments while its frames go by: shots, and of longer shots windows that overlap.
///
/// A shot ends where a frame's small picture differs from the one before by much more than those before it did, and after a
/// minute in any case, so that memory does not grow with the video.
public struct Segmenter: Sendable {
    /// How videos are cut.
    public struct Options: Codable, Sendable, Hashable {
        /// Frames that are looked at, a second.
        public var rate = 4.0
        /// Frames of a window.
        public var window = 16
        /// Frames from one window's start to the next one's.
        public var hop = 8

        public init() {}

        /// - Throws: `RetrievalError.request` if a number makes no sense.
        public func validate() throws {
            guard rate >= 0.1, rate <= 60, (1...4096).contains(window), (1...window).contains(hop) else {
                throw RetrievalError(
                    .request,
                    "windows of \(window) frames every \(hop) frames at \(rate) a second make no sense: 0.1 to 60 frames a "
                        + "second, 1 to 4096 frames, and a step of one window at most")
            }
        }
    }

    private let options: Options
    /// Small pictures of the last frames differed by so much, the latest last.
    private var changes: [Double] = []
    private var picture: [Float]?
    /// Frames of the shot so far, by their places in the video.
    private var shot: Range<Int> = 0..<0

    /// - Parameter options: sound ones.
    public init(_ options: Options) { self.options = options }

    /// Takes the next frame.
    /// - Parameter frame: RGB bytes, `[height, width, 3]`.
    /// - Returns: the segments that are complete by then, as ranges of frames.
    public mutating func append(_ frame: [UInt8], height: Int, width: Int) -> [Range<Int>] {
        let small = Self.small(frame, height: height, width: width)
        var done: [Range<Int>] = []
        if let before = picture {
            let change = zip(small, before).reduce(0.0) { $0 + Double(abs($1.0 - $1.1)) } / Double(small.count)
            let usual = changes.sorted().dropFirst(changes.count / 2).first ?? 0
            let isCut = change > 20 && change > 3 * usual
            changes = isCut ? [] : changes.suffix(15) + [change]
            if isCut || Double(shot.count) >= 60 * options.rate {
                done = windows(of: shot)
                shot = shot.upperBound..<shot.upperBound
            }
        }
        picture = small
        shot = shot.lowerBound..<shot.upperBound + 1
        return done
    }

    /// The segments of what is left.
    public mutating func finish() -> [Range<Int>] {
        defer { shot = shot.upperBound..<shot.upperBound }
        return windows(of: shot)
    }

    /// One segment of a shot that is hardly longer than a window; else windows, the last of which ends with the shot.
    private func windows(of shot: Range<Int>) -> [Range<Int>] {
        let window = options.window
        guard !shot.isEmpty else { return [] }
        guard shot.count > window + options.hop / 2 else { return [shot] }
        var windows = stride(from: shot.lowerBound, through: shot.upperBound - window, by: options.hop).map {
            $0..<$0 + window
        }
        if let last = windows.last, last.upperBound < shot.upperBound {
            windows.append(shot.upperBound - window..<shot.upperBound)
        }
        return windows
    }

    /// Means of 8x8 parts, 0...255, by channel.
    private static func small(_ frame: [UInt8], height: Int, width: Int) -> [Float] {
        var sums = [Float](repeating: 0, count: 8 * 8 * 3)
        guard height >= 8, width >= 8, frame.count >= height * width * 3 else { return sums }
        // Every other row and column will do.
        for row in stride(from: 0, to: height, by: 2) {
            let part = row * 8 / height * 8
            for column in stride(from: 0, to: width, by: 2) {
                let (place, pixel) = ((part + column * 8 / width) * 3, (row * width + column) * 3)
                for channel in 0..<3 { sums[place + channel] += Float(frame[pixel + channel]) }
            }
        }
        let count = Float(((height + 1) / 2) * ((width + 1) / 2)) / 64
        return sums.map { $0 / count }
    }
}
