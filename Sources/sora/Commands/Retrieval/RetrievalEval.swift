import ArgumentParser
import Datasets
import Foundation
import Media
import Neural
import Retrieval
import SoraModel
import Training

struct RetrievalEval: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retrieval-eval",
        abstract: "Measure how well edited copies of your videos are found among them.",
        discussion: """
            Copies of some of the videos are made in ten ways, at three strengths, and looked for in an index of all. Shown are \
            the micro-average precision over all pairs of a copy and a video, the mean average precision of the copies, how \
            often the right one is among the first, and how far off its start and end are, in seconds; beside those of a \
            perceptual hash. The index, the copies and their looks stay in --out, so that a run that was stopped goes on.

            Example:
              sora retrieval-eval videos/ --out evaluation
              sora retrieval-eval videos/ --out evaluation --sources 10 --edits cropped,mirrored --model model.safetensors
            """)

    @Argument(help: "Videos, and folders of them.", completion: .file())
    var paths: [String]

    @Option(help: "A folder for the index and the copies.", completion: .directory)
    var out: String

    @Option(help: "A model file; the default model where not given.", completion: .file())
    var model: String?

    @Option(help: "Copies are made of so many of the videos, spread over them.")
    var sources = 20

    @Option(help: ArgumentHelp("Only these edits.", valueName: "edit,…"))
    var edits: EditList = .all

    @Option(help: "Seed of the edits.")
    var seed: UInt64 = 0

    @OptionGroup var compute: ComputeOptions

    @OptionGroup var common: CommonOptions

    /// Edits by their names, with commas between.
    struct EditList: ExpressibleByArgument {
        var edits: [CopyEdit]
        static let all = EditList(edits: CopyEdit.allCases)

        init(edits: [CopyEdit]) { self.edits = edits }

        init?(argument: String) {
            let edits = argument.split(separator: ",").map { CopyEdit(rawValue: String($0)) }
            guard !edits.isEmpty, !edits.contains(nil) else { return nil }
            self.edits = edits.compactMap(\.self)
        }

        var defaultValueDescription: String { edits.map(\.rawValue).joined(separator: ",") }
    }

    func validate() throws { try Bounds.check("--sources", sources, 1...1_000_000, "videos") }

    func run() throws {
        let videos = try Manifest.videos(at: paths)
        try OutputPath.makeFolder(out)
        let index = try IndexArgument(at: out + "/index", model: model, cutting: Segmenter.Options(), compute: compute)
        var run = IndexRun(index: index, json: false)
        // A collection has files that cannot be read; they were said.
        do { try run.add(videos) } catch let code as ExitCode where code == .failure {}
        // Of a film that shows nothing no copy can be known.
        let known = try index.catalogue.videos().filter { video in
            try index.catalogue.trace(of: video.id).map { !$0.showsNothing } ?? false
        }
        guard !known.isEmpty else {
            throw RetrievalError(.request, "none of the videos can be read, or shows anything")
        }
        let chosen = (0..<min(sources, known.count)).map {
            known[(2 * $0 + 1) * known.count / (2 * min(sources, known.count))]
        }
        let copies = try make(of: chosen)
        // The copies' looks are kept beside them.
        let seen = try IndexArgument(at: out + "/seen", model: model, cutting: Segmenter.Options(), compute: compute)
        var look = IndexRun(index: seen, json: false, for: .query)
        do { try look.add(copies.map(\.path)) } catch let code as ExitCode where code == .failure {}
        let judged = try CopyJudgement(index, seen.catalogue, copies)
        Console.result(common.json ? try judged.jsonLine() : judged.text)
    }

    private func make(of videos: [IndexedVideo]) throws -> [CopyMaker.Copy] {
        let folder = out + "/copies"
        try OutputPath.makeFolder(folder)
        let wanted = videos.flatMap { video in
            edits.edits.flatMap { edit in CopyEdit.strengths.map { (video: video, edit: edit, strength: $0) } }
        }
        let progress = ProgressBar(total: wanted.count, style: Console.progressStyle, sink: Console.progress)
        var copies: [CopyMaker.Copy] = []
        for (video, edit, strength) in wanted {
            let name = "\(folder)/\(video.id)-\(edit.rawValue)-\(strength)"
            if let data = FileManager.default.contents(atPath: name + ".json"),
                let copy = try? JSONDecoder().decode(CopyMaker.Copy.self, from: data),
                FileManager.default.fileExists(atPath: copy.path)
            {
                copies.append(copy)
            } else {
                do {
                    let copy = try CopyMaker.make(
                        edit, strength: strength, of: video.path, to: name + ".mp4",
                        seed: seed ^ UInt64(bitPattern: video.id) << 8)
                    try TextFile.write(try copy.jsonLine(), to: name + ".json")
                    copies.append(copy)
                } catch let error as MediaError { Console.failure(error) }
            }
            progress.show(progress.done + 1, "\(edit.rawValue) \(strength)")
        }
        progress.clear()
        return copies
    }
}
