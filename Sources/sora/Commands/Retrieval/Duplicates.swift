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
    var probability = 0.95

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
        keep = group.videos[0].path
        copies = group.comparisons.map { copy in
            Other(
                path: copy.video.path, probability: copy.probability,
                kept: [copy.kept.lowerBound, copy.kept.upperBound],
                own: [copy.own.lowerBound, copy.own.upperBound], speed: copy.speed, differences: copy.differences())
        }
    }

    var text: String {
        var lines = ["\(number)  keep  \(keep)"]
        for copy in copies {
            lines.append(
                String(format: "%4.0f%%  ", 100 * copy.probability)
                    + "\(copy.path)  \(copy.differences.isEmpty ? "no difference seen" : copy.differences.joined(separator: ", "))"
            )
        }
        return lines.joined(separator: "\n")
    }
}
