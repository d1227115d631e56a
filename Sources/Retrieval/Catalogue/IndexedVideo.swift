internal import Foundation
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
    /// Frames a second.
    public var rate: Double
    /// The codec's name.
    /// As FFmpeg calls it.
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

/// Where a segment of the catalogue is.
struct SegmentPlace: Sendable {
    var id: Int64
    /// The video's number.
    var video: Int64
    /// In seconds from its first frame; the end is exclusive.
    var start: Double
    var end: Double

    /// Seconds that it has in common with a part of its video; below 0 where it lies apart from it.
    func common(_ start: Double, _ end: Double) -> Double { min(self.end, end) - max(self.start, start) }
}

extension SegmentPlace {
    init(_ segment: Segment, of video: Int64) {
        self.init(id: segment.id, video: video, start: segment.start.seconds, end: segment.end.seconds)
    }
}

extension Segment {
    /// Seconds that it has in common with a part of its video.
    func common(_ start: Double, _ end: Double) -> Double {
        max(0, min(self.end.seconds, end) - max(self.start.seconds, start))
    }
}

/// All that an index knows of a video: what is kept of it at once, or not at all.
public struct AnalyzedVideo: Sendable {
    /// Seconds from the first frame's beginning to the last frame's end.
    public var duration: Double
    public var width: Int
    public var height: Int
    /// Frames a second.
    public var rate: Double
    /// As FFmpeg calls it.
    public var codec: String
    /// How many frames were damaged.
    public var damagedCount: Int
    /// The segments, in order.
    public var segments: [Segment]
    /// The frames that were looked at.
    public var trace: FrameTrace

    package init(
        duration: Double, width: Int, height: Int, rate: Double, codec: String, damagedCount: Int, segments: [Segment],
        trace: FrameTrace
    ) {
        (self.duration, self.width, self.height, self.rate, self.codec) = (duration, width, height, rate, codec)
        (self.damagedCount, self.segments, self.trace) = (damagedCount, segments, trace)
    }

    /// What is known of a part, without looking at it again.
    /// - Parameters:
    ///   - start: inclusive, in seconds from the first frame.
    ///   - end: exclusive.
    /// - Returns: the frames of the part, with times from its start, and the segments most of which lie in it, or else the
    ///   one that has most in common with it; nil where no frame of the part was looked at.
    public func part(from start: Double, to end: Double) -> AnalyzedVideo? {
        var part = self
        part.trace = trace.part(from: start, to: end)
        guard part.trace.count > 0 else { return nil }
        part.duration = min(end, duration) - max(start, 0)
        let inside = segments.filter { 2 * $0.common(start, end) > $0.end.seconds - $0.start.seconds }
        let nearest = segments.max { $0.common(start, end) < $1.common(start, end) }
        part.segments = inside.isEmpty ? [nearest].compactMap(\.self) : inside
        return part
    }

    /// What it has against being searched by, for whoever does: damage, and that nothing can be seen.
    public var warnings: [String] {
        var found: [String] = []
        if damagedCount > 0 {
            let isWhole = damagedCount == 1 && trace.count == 1
            let frames = isWhole ? "it is" : damagedCount == 1 ? "1 frame is" : "\(damagedCount) frames are"
            found.append("\(frames) damaged; what could be decoded is looked for")
        }
        if trace.showsNothing { found.append("all of it is black or of one colour, by which nothing can be found") }
        return found
    }
}

/// How a video's frames look at equal steps of time, in bytes: what matches are aligned by. A frame and its mirror image look
/// alike.
public struct FrameTrace: Sendable, Hashable {
    /// Frames a second.
    public var rate: Double
    /// Numbers of a look.
    public var dimensions: Int
    /// Looks of a frame: of all of it first.
    public var views: Int
    /// When each frame is shown, in seconds from the first one.
    public var times: [Double]
    /// `[frame, view, number]`: each look scaled to 127 at its largest.
    public var values: [Int8]

    public init(rate: Double, dimensions: Int, views: Int = 1, times: [Double] = [], values: [Int8] = []) {
        self.rate = rate
        self.dimensions = dimensions
        self.views = views
        self.times = times
        self.values = values
    }

    /// How many frames there are.
    public var count: Int { times.count }

    /// Whether every frame is black or of one colour, so that nothing can be known by them.
    public var showsNothing: Bool { values.allSatisfy { $0 == 0 } }

    /// Adds a frame.
    /// - Parameter looks: one for each view.
    mutating func append(_ looks: [[Float]], at time: Double) {
        for look in looks {
            let largest = look.reduce(0) { max($0, abs($1)) }
            let scale = largest > 0 && largest.isFinite ? 127 / largest : 0
            values += look.lazy.map { Int8(max(-127, min(127, ($0 * scale).rounded()))) }
        }
        times.append(time)
    }

    /// A frame's look, of length 1, or of zeros where it shows nothing.
    func look(_ frame: Int, view: Int = 0) -> [Float] {
        let start = (frame * views + view) * dimensions
        return FrameRows.unit(values[start..<start + dimensions].map(Float.init))
    }

    /// The frames of a part, with times from its start.
    func part(from start: Double, to end: Double) -> FrameTrace {
        let kept = times.indices.filter { times[$0] >= start && times[$0] < end }
        guard let first = kept.first, let last = kept.last else {
            return FrameTrace(rate: rate, dimensions: dimensions, views: views)
        }
        let size = views * dimensions
        return FrameTrace(
            rate: rate, dimensions: dimensions, views: views, times: times[first...last].map { $0 - start },
            values: Array(values[first * size..<(last + 1) * size]))
    }

    /// The mean look of some frames, of length 1.
    func meanLook(of frames: Range<Int>, view: Int = 0) -> [Float] {
        var sum = [Float](repeating: 0, count: dimensions)
        for frame in frames {
            for (place, value) in look(frame, view: view).enumerated() { sum[place] += value }
        }
        return FrameRows.unit(sum)
    }
}

extension AnalyzedVideo {
    /// What a catalogue knows of a video; nil where it holds it no more.
    /// - Throws: `RetrievalError.storage` if the catalogue cannot be read.
    public init?(_ video: IndexedVideo, in catalogue: Catalogue) throws {
        guard let trace = try catalogue.trace(of: video.id) else { return nil }
        self.init(
            duration: video.duration, width: video.width, height: video.height, rate: video.rate, codec: video.codec,
            damagedCount: 0, segments: try catalogue.segments(of: video.id), trace: trace)
    }
}
