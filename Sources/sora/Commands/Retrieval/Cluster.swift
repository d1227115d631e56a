import ArgumentParser
import Foundation
import Media
import Retrieval

struct ClusterCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cluster",
        abstract: "Sort what is in an index into groups that look alike.",
        discussion: """
            Of each group are shown how many segments of how many videos it has, how much alike they are, its labels, and the \
            segments nearest to its middle. Without --count the number of groups is chosen by how clearly they are apart.

            Example:
              sora cluster films
              sora cluster films --count 12 --show 5 --json
            """)

    @Argument(help: "The index: a folder.", completion: .directory)
    var index: String

    @Option(help: "How many groups.")
    var count: Int?

    @Option(help: "How many segments of each group to show.")
    var show = 3

    @Option(help: "Seed of the groups' first middles.")
    var seed: UInt64 = 0

    @OptionGroup var common: CommonOptions

    func validate() throws {
        try Bounds.check("--count", count, 1...65_536, "groups")
        try Bounds.check("--show", show, 0...1_000_000, "segments")
    }

    private struct Line: Encodable {
        struct Member: Encodable {
            var segment: Int64
            var path: String
            var start: Double
            var end: Double
        }

        var cluster: Int
        var segments: Int
        var videos: Int
        var cohesion: Double
        var labels: [String]
        var nearest: [Member]
    }

    func run() throws {
        let catalogue = try Catalogue(opening: IndexFiles(folder: index).catalogue)
        let paths = Dictionary(uniqueKeysWithValues: try catalogue.videos().map { ($0.id, $0.path) })
        let clusters = try catalogue.clusters(count: count, seed: seed)
        for (number, cluster) in clusters.enumerated() {
            let known = try catalogue.segments(cluster.segments)
            var labels: [String: Int] = [:]
            for segment in cluster.segments {
                for label in try catalogue.labels(of: segment) { labels[label.name, default: 0] += 1 }
            }
            let line = Line(
                cluster: number + 1, segments: cluster.segments.count, videos: Set(known.values.map(\.video)).count,
                cohesion: cluster.cohesion,
                labels: labels.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(3).map(\.key),
                nearest: cluster.segments.prefix(show).compactMap { segment in
                    known[segment].map {
                        Line.Member(
                            segment: segment, path: paths[$0.video] ?? "", start: $0.segment.start.seconds,
                            end: $0.segment.end.seconds)
                    }
                })
            Console.result(try common.json ? line.jsonLine() : text(line))
        }
        if clusters.isEmpty, !common.json {
            Console.result("\(index): nothing is indexed yet; 'sora index add' adds videos")
        }
    }

    private func text(_ line: Line) -> String {
        let labels = line.labels.isEmpty ? "" : ", " + line.labels.joined(separator: ", ")
        let head =
            "\(line.cluster)  \(counted(line.segments, "segment")) of \(counted(line.videos, "video")), "
            + String(format: "alike by %.2f", line.cohesion) + labels
        return
            ([head]
            + line.nearest.map {
                "    \(Clock.text($0.start)) - \(Clock.text($0.end))  \($0.path)  (segment \($0.segment))"
            })
            .joined(separator: "\n")
    }
}
