import Foundation
import Retrieval

/// A moment that was found, for programs and for people.
struct MomentLine: Encodable {
    var path: String
    var segment: Int64
    var start: Double
    var end: Double
    var probability: Double
    /// Cosine of the vectors, where no frames were aligned.
    var likeness: Double?
    var score: Double
    var speed: Double?
    var pairs: [[Double]]?

    init(_ moment: Moment) {
        (path, segment, start, end) = (moment.video.path, moment.segment, moment.start, moment.end)
        (probability, score, speed) = (moment.probability, moment.score, moment.alignment?.speed)
        likeness = moment.alignment == nil ? moment.score + 1 : nil
        pairs = moment.pairs.map { $0.map { [$0.query, $0.other] } }
    }

    /// A line; and with `showsPairs` one for each pair of frames that go together.
    func text(showsPairs: Bool = false) -> String {
        let worth =
            likeness.map { String(format: "~%.2f", $0) } ?? String(format: "%4.0f%%", 100 * probability)
        var line = "\(worth)  \(Clock.text(start)) - \(Clock.text(end))  \(path)  (segment \(segment))"
        if let speed, speed != 1 { line += String(format: ", at %.2f times the speed", speed) }
        for pair in showsPairs ? pairs ?? [] : [] {
            line += "\n        \(Clock.text(pair[0])) -> \(Clock.text(pair[1]))"
        }
        return line
    }
}
