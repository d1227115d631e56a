internal import Media
internal import Retrieval

/// A video, to clients.
struct VideoAnswer: Encodable, Sendable {
    var id: Int64
    /// Its path within the library.
    var name: String
    var duration: Double
    var width: Int
    var height: Int
    var rate: Double
    var codec: String

    init(_ video: IndexedVideo, _ library: Library) {
        (id, duration, width, height) = (video.id, video.duration, video.width, video.height)
        (rate, codec, name) = (video.rate, video.codec, library.name(of: video.path))
    }
}

/// A label of a segment, to clients.
struct LabelAnswer: Encodable, Sendable {
    var name: String
    var given: Bool
    var probability: Double

    init(_ label: Catalogue.Label) { (name, given, probability) = (label.name, label.isGiven, label.probability) }
}

/// A segment of a video, to clients.
struct SegmentAnswer: Encodable, Sendable {
    var segment: Int64
    var start: Double
    var end: Double
    var labels: [LabelAnswer]

    init(_ segment: Segment, _ catalogue: Catalogue) throws {
        (self.segment, start, end) = (segment.id, segment.start.seconds, segment.end.seconds)
        labels = try catalogue.labels(of: segment.id).map(LabelAnswer.init)
    }
}

/// A moment that was found, to clients.
struct MomentAnswer: Encodable, Sendable {
    var video: VideoAnswer
    var segment: Int64
    var start: Double
    var end: Double
    /// How likely it is the same footage.
    var probability: Double
    /// Cosine of the vectors, where no frames were aligned.
    var likeness: Double?
    var score: Double
    var speed: Double?
    /// Seconds into the query and into the video, of frames that go together.
    var pairs: [[Double]]?
    var labels: [LabelAnswer]

    init(_ moment: Moment, _ labels: [Catalogue.Label], _ library: Library) {
        video = VideoAnswer(moment.video, library)
        (segment, start, end) = (moment.segment, moment.start, moment.end)
        (probability, score, speed) = (moment.probability, moment.score, moment.alignment?.speed)
        likeness = moment.alignment == nil ? moment.score + 1 : nil
        pairs = moment.pairs.map { $0.map { [$0.query, $0.other] } }
        self.labels = labels.map(LabelAnswer.init)
    }
}

/// What a search found, to clients.
struct SearchAnswer: Encodable, Sendable {
    /// The upload that was searched by, to search by again.
    var upload: String?
    /// Seconds that the whole query lasts.
    var duration: Double?
    /// What the query itself has against being found.
    var warnings: [String]?
    var moments: [MomentAnswer]
}
