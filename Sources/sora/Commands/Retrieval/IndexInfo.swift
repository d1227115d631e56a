import ArgumentParser
import Retrieval

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
            index: index, model: catalogue.settings.model, fingerprint: catalogue.settings.fingerprint, videos: all.count,
            segments: try catalogue.segmentCount(), seconds: all.reduce(0) { $0 + $1.duration },
            dimensions: catalogue.settings.dimensions)
        if common.json {
            Console.result(try report.jsonLine())
            if videos { for video in all { Console.result(try video.jsonLine()) } }
            return
        }
        Console.result(
            "\(index): \(counted(report.videos, "video")) of \(Clock.text(report.seconds)) in all, "
                + "\(counted(report.segments, "segment")), vectors of \(report.dimensions) numbers by \(report.model)")
        guard videos else { return }
        for video in all {
            Console.result(
                "\(video.id)  \(video.path)  \(Clock.text(video.duration))  \(video.width)x\(video.height)  \(video.codec)")
        }
    }
}
