internal import Foundation

/// How one of several copies compares with the one to keep, or with whichever of them it shares footage with.
public struct CopyComparison: Sendable {
    /// The copy.
    public var video: IndexedVideo
    /// What it is compared with.
    public var partner: IndexedVideo
    /// How likely it is the same footage.
    public var probability: Double
    /// The shared footage in the partner and in the copy, in seconds from the first frames.
    public var kept: ClosedRange<Double>
    /// The same part in this one.
    public var own: ClosedRange<Double>
    /// Seconds of the copy in a second of the partner.
    public var speed: Double
    /// Whether the partner is the one to keep.
    public var isWithKept: Bool
    private var pairs: [(first: Double, second: Double)]

    init(_ video: IndexedVideo, _ copy: Copy, best: IndexedVideo) {
        let isFirst = copy.first.id == video.id
        self.video = video
        partner = isFirst ? copy.second : copy.first
        probability = copy.probability
        (own, kept) = isFirst ? (copy.firstRange, copy.secondRange) : (copy.secondRange, copy.firstRange)
        speed = isFirst ? 1 / copy.speed : copy.speed
        isWithKept = partner.id == best.id
        pairs = copy.pairs.map { isFirst ? ($0.second, $0.first) : ($0.first, $0.second) }
    }

    /// What differs, in words, the plainest first.
    /// - Parameter name: what a video is to be called, by its path.
    /// - Cost: decodes a few frames of both.
    public func differences(name: (String) -> String = { $0 }) -> [String] {
        var words: [String] = []
        if !isWithKept { words.append("as \(name(partner.path))") }
        if (video.width, video.height) != (partner.width, partner.height) {
            words.append("\(video.width)x\(video.height) for \(partner.width)x\(partner.height)")
        }
        if video.codec != partner.codec { words.append("\(video.codec) for \(partner.codec)") }
        if speed < 0.95 { words.append(String(format: "%.2f times as fast", 1 / max(speed, 1e-6))) }
        if speed > 1.05 { words.append(String(format: "%.2f times as slow", speed)) }
        if kept.upperBound - kept.lowerBound < 0.9 * partner.duration {
            words.append(String(format: "%.1f to %.1f s of it", kept.lowerBound, kept.upperBound))
        }
        if own.upperBound - own.lowerBound < 0.9 * video.duration {
            words.append(String(format: "it is %.1f to %.1f s of a longer film", own.lowerBound, own.upperBound))
        }
        do {
            words += try CopyDifference(between: partner.path, and: video.path, at: pairs).words
        } catch { words.append("its frames cannot be compared any more") }
        return words
    }
}

extension DuplicateGroup {
    /// All but the one to keep.
    public var comparisons: [CopyComparison] {
        videos.dropFirst().compactMap { video in
            // With the one to keep, or else with whichever of the group it shares footage with.
            let shared = copies.filter { $0.first.id == video.id || $0.second.id == video.id }
            let copy = shared.first { $0.first.id == videos[0].id || $0.second.id == videos[0].id } ?? shared.first
            return copy.map { CopyComparison(video, $0, best: videos[0]) }
        }
    }
}
