import ArgumentParser
import Datasets
import Foundation
import Retrieval
import SoraModel
import Training

struct IndexAdd: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Index files, and all videos below folders.",
        discussion: """
            The index is made if it is not there. Each file is indexed whole or not at all; one that cannot be decoded is \
            reported, and the next one follows. Ctrl-C stops after the file that is being looked at.

            Example:
              sora index add films videos/ more/*.mp4
              sora index add films videos/ --model model.safetensors
            """)

    @Argument(help: "The index: a folder.", completion: .directory)
    var index: String

    @Argument(help: "Videos, and folders of them.", completion: .file())
    var paths: [String]

    @Option(help: "A model file for a new index; the default model where not given.", completion: .file())
    var model: String?

    @Option(help: "Frames to look at in a second, for a new index.")
    var rate = Segmenter.Options().rate

    @Option(help: "Frames of a segment, for a new index.")
    var window = Segmenter.Options().window

    @Option(help: "Frames from one segment's start to the next one's, for a new index.")
    var hop = Segmenter.Options().hop

    @OptionGroup var compute: ComputeOptions

    @OptionGroup var common: CommonOptions

    func validate() throws {
        try Bounds.check("--rate", rate, 0.1...60, "frames")
        try Bounds.check("--window", window, 1...4096, "frames")
        try Bounds.check("--hop", hop, 1...window, "frames")
    }

    func run() throws {
        var cutting = Segmenter.Options()
        (cutting.rate, cutting.window, cutting.hop) = (rate, window, hop)
        let videos = try Manifest.videos(at: paths)
        let index = try IndexArgument(at: self.index, model: model, cutting: cutting, compute: compute)
        var run = IndexRun(index: index, json: common.json)
        try run.add(videos)
    }
}

/// Indexing on its way: progress, what failed, and what came of it.
struct IndexRun {
    let index: IndexArgument
    let json: Bool
    private let purpose: VideoAnalyzer.Purpose
    var tally = IndexTally()

    private struct Line: Encodable {
        var path: String
        var outcome: String
        var segments: Int?
        var from: String?
    }

    init(index: IndexArgument, json: Bool, for purpose: VideoAnalyzer.Purpose = .collection) {
        (self.index, self.json, self.purpose) = (index, json, purpose)
    }

    /// Indexes videos and brings the vectors up to date.
    /// - Parameter folders: below which to take out what is gone: everywhere if empty, nowhere if nil.
    /// - Throws: `ExitCode` if any file failed, or a signal ended it.
    mutating func add(_ videos: [String], removingMissingBelow folders: [String]? = nil) throws {
        let interruption = Interruption()
        let indexer = try Indexer(
            index.catalogue, index.analyzer(), fingerprint: index.catalogue.settings.fingerprint, for: purpose)
        let progress = ProgressBar(total: videos.count, style: Console.progressStyle, sink: Console.progress)
        try indexer.add(videos) { path, outcome in
            switch outcome {
            case .indexed(let segments):
                tally.indexed += 1
                tally.segments += segments
                try say(Line(path: path, outcome: "indexed", segments: segments))
            case .unchanged:
                tally.unchanged += 1
                try say(Line(path: path, outcome: "unchanged"))
            case .moved(let from):
                tally.moved += 1
                try say(Line(path: path, outcome: "moved", from: from))
            case .failed(let error):
                tally.failed += 1
                try FileBatch.report(error, file: path, json: json)
            }
            progress.show(progress.done + 1, path.split(separator: "/").last.map(String.init) ?? "")
            return interruption.exitStatus == nil
        }
        progress.clear()
        if let folders, interruption.exitStatus == nil {
            for path in try Indexer.removeMissing(from: index.catalogue, below: folders) {
                tally.removed += 1
                try say(Line(path: path, outcome: "removed"))
            }
        }
        _ = try SearchIndex(opening: index.folder)
        if !json { Console.result("\(index.folder): \(tally.text)") }
        if let status = interruption.exitStatus { throw ExitCode(status) }
        try FileBatch.conclude(failed: tally.failed, of: videos.count)
    }

    private func say(_ line: Line) throws {
        if json { Console.result(try line.jsonLine()) }
    }
}
