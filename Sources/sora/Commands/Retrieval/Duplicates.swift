import ArgumentParser
import Foundation
import Retrieval
import Training

struct Duplicates: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Find copies in an index: encoded again, resized, cropped, recoloured, cut, sped up, mirrored.",
        discussion: """
            Each group names the video to keep first: the one with the most pixels, then the longest, then the largest file; and \
            how the others differ from it. Nothing is ever deleted.

            Example:
              sora duplicates films
              sora duplicates films --probability 0.5 --coverage 0.2
            """)

    @Argument(help: "The index: a folder.", completion: .directory)
    var index: String

    @Option(help: "How likely it has to be that two videos share footage, 0 to 1.")
    var probability = 0.9

    @Option(help: "The share of the shorter video that has to be shared, 0 to 1.")
    var coverage = 0.5

    @OptionGroup var common: CommonOptions

    func validate() throws {
        try Bounds.check("--probability", probability, 0...1)
        try Bounds.check("--coverage", coverage, 0...1)
    }

    func run() throws {
        let search = try SearchIndex(opening: index)
        let count = try search.catalogue.videos().count
        let progress = ProgressBar(total: count, style: Console.progressStyle, sink: Console.progress)
        let groups = try DuplicateSearch(search).groups(probability: probability, coverage: coverage) { video in
            progress.show(progress.done + 1, video.path.split(separator: "/").last.map(String.init) ?? "")
        }
        progress.clear()
        for (number, group) in groups.enumerated() {
            let report = GroupReport(number: number + 1, group)
            Console.result(common.json ? try report.jsonLine() : report.text)
        }
        guard !common.json else { return }
        let copies = groups.reduce(0) { $0 + $1.videos.count - 1 }
        Console.result(
            groups.isEmpty
                ? "no copies among \(counted(count, "video"))"
                : "\(counted(groups.count, "group")): \(counted(copies, "video")) of \(count) could go")
    }
}

/// A group of copies, for people and for programs.
private struct GroupReport: Encodable {
    struct Other: Encodable {
        var path: String
        var probability: Double
        /// The shared footage in the one to keep and in this, in seconds.
        var kept: [Double]
        var own: [Double]
        var speed: Double
        var differences: [String]
    }

    var number: Int
    var keep: String
    var copies: [Other]

    init(number: Int, _ group: DuplicateGroup) {
        self.number = number
        let best = group.videos[0]
        keep = best.path
        copies = group.videos.dropFirst().map { video in
            // With the one to keep, or else with whichever of the group it shares footage with.
            let shared = group.copies.filter { $0.first.id == video.id || $0.second.id == video.id }
            let copy = shared.first { $0.first.id == best.id || $0.second.id == best.id } ?? shared[0]
            return Other(video, copy, partner: copy.first.id == video.id ? copy.second : copy.first, best: best)
        }
    }

    var text: String {
        var lines = ["\(number)  keep  \(keep)"]
        for copy in copies {
            lines.append(
                String(format: "%4.0f%%  ", 100 * copy.probability)
                    + "\(copy.path)  \(copy.differences.isEmpty ? "no difference seen" : copy.differences.joined(separator: ", "))")
        }
        return lines.joined(separator: "\n")
    }
}

extension GroupReport.Other {
    fileprivate init(_ video: IndexedVideo, _ copy: Copy, partner: IndexedVideo, best: IndexedVideo) {
        let isFirst = copy.first.id == video.id
        let (own, other) = isFirst ? (copy.firstRange, copy.secondRange) : (copy.secondRange, copy.firstRange)
        let speed = isFirst ? 1 / copy.speed : copy.speed
        path = video.path
        probability = copy.probability
        kept = [other.lowerBound, other.upperBound]
        self.own = [own.lowerBound, own.upperBound]
        self.speed = speed
        var words: [String] = []
        if partner.id != best.id { words.append("as \(partner.path)") }
        if (video.width, video.height) != (partner.width, partner.height) {
            words.append("\(video.width)x\(video.height) for \(partner.width)x\(partner.height)")
        }
        if video.codec != partner.codec { words.append("\(video.codec) for \(partner.codec)") }
        if abs(speed - 1) > 0.05 { words.append(String(format: "%.2f times as slow", speed)) }
        let (length, whole) = (other.upperBound - other.lowerBound, partner.duration)
        if length < 0.9 * whole { words.append("\(Clock.text(other.lowerBound)) to \(Clock.text(other.upperBound)) of it") }
        let pairs = copy.pairs.map { isFirst ? ($0.second, $0.first) : ($0.first, $0.second) }
        do {
            words += try CopyDifference(
                between: partner.path, and: video.path, at: pairs.map { (first: $0.0, second: $0.1) }
            ).words
        } catch { words.append("its frames cannot be compared any more: \(error)") }
        differences = words
    }
}
