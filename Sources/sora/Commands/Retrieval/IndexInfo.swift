import ArgumentParser
import Media
import Retrieval
import SoraModel

struct IndexInfo: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "info",
        abstract: "Say what an index holds.",
        discussion: """
            Example:
              sora index info films
              sora index info films --videos
            """)

    @Argument(help: "The index: a folder.", completion: .directory)
    var index: String

    @Flag(help: "List the videos too.")
    var videos = false

    @Flag(help: "List the segments too, each with a digest of its vector.")
    var segments = false

    @OptionGroup var common: CommonOptions

    private struct Report: Encodable {
        var index: String
        var model: String
        var fingerprint: String
        var videos: Int
        var segments: Int
        var seconds: Double
        var dimensions: Int
    }

    func run() throws {
        let catalogue = try Catalogue(opening: IndexFiles(folder: index).catalogue)
        let all = try catalogue.videos()
        let report = Report(
            index: index, model: catalogue.settings.model, fingerprint: catalogue.settings.fingerprint,
            videos: all.count,
            segments: try catalogue.segmentCount(), seconds: all.reduce(0) { $0 + $1.duration },
            dimensions: catalogue.settings.dimensions)
        if common.json {
            Console.result(try report.jsonLine())
            for video in all {
                if videos { Console.result(try video.jsonLine()) }
                if segments { for line in try lines(catalogue, video) { Console.result(try line.jsonLine()) } }
            }
            return
        }
        Console.result(
            "\(index): \(counted(report.videos, "video")) of \(Clock.text(report.seconds)) in all, "
                + "\(counted(report.segments, "segment")), vectors of \(report.dimensions) numbers by \(report.model)")
        for video in all where videos || segments {
            Console.result(
                "\(video.id)  \(video.path)  \(Clock.text(video.duration))  \(video.width)x\(video.height)  \(video.codec)"
            )
            for line in segments ? try lines(catalogue, video) : [] {
                Console.result(
                    "    \(line.segment)  \(Clock.text(line.start)) - \(Clock.text(line.end))  \(line.digest)")
            }
        }
    }

    private struct Line: Encodable {
        var path: String
        var segment: Int64
        var start: Double
        var end: Double
        var digest: String
    }

    private func lines(_ catalogue: Catalogue, _ video: IndexedVideo) throws -> [Line] {
        try catalogue.segments(of: video.id).map { segment in
            var digest = Fingerprint()
            digest.add(segment.vector)
            return Line(
                path: video.path, segment: segment.id, start: segment.start.seconds, end: segment.end.seconds,
                digest: digest.text)
        }
    }
}
