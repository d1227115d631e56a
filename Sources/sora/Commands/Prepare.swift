import ArgumentParser
import Datasets
import Foundation
import Media
import Neural
import SoraModel
import Training

struct Prepare: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Look a dataset over before training, and propose a manifest without what is wrong with it.",
        discussion: """
            Every clip is decoded once, and what is found is kept, so that a stopped run goes on where it was and the \
            next one takes seconds. It looks for clips that are unreadable, damaged, black, frozen or too short; for odd \
            sizes, rates and lengths; for classes that are too small or told by something other than their pictures; and \
            for copies, exact and near, above all those across the split or across classes, which make accuracies lie.

            --out writes the clips that are left as a manifest with groups and a split. The originals are never touched. \
            The exit status is 1 if a clip cannot be read, and with --strict if anything is wrong.

            Example:
              sora prepare clips/
              sora prepare clips/ --out clips.csv --report clips.html
              sora prepare clips.csv --group-by scene_id --strict --json
            """)

    @Argument(
        help: "A folder with a folder of videos per class, or a .csv, .tsv or .jsonl manifest with path and label.",
        completion: .file())
    var data: String

    @Option(help: "Write a manifest of the usable clips here, in groups and split: a .csv file.", completion: .file())
    var out: String?

    @Option(help: "Write a page with pictures, plots and all problems here: one .html file.", completion: .file())
    var report: String?

    @Option(
        help:
            "What never to split apart: given (the group column), folder, name, scene, none, or a column of the manifest; what tells it best where not given."
    )
    var groupBy: String?

    @Option(help: "Share of the clips for validation in a new split.")
    var validation = 0.15

    @Option(help: "Share of the clips for the test in a new split.")
    var test = 0.15

    @Option(help: "Seed of a new split.")
    var seed: UInt64 = 0

    @Option(
        help: "Find near-duplicates by the vectors of this model, rather than by small pictures.", completion: .file())
    var model: String?

    @Option(help: "Similarity from which on two clips are copies, 0 to 1: 0.85 by pictures, 0.99 by vectors.")
    var similarity: Double?

    @Option(help: "Seconds below which a clip is too short.")
    var shortest = 0.5

    @Option(help: "Keep what is found in this file, rather than in ~/.cache/sora.", completion: .file())
    var cache: String?

    @Flag(help: "Decode everything anew, and keep nothing.")
    var noCache = false

    @Flag(help: "Fail if anything at all is wrong.")
    var strict = false

    @OptionGroup var common: CommonOptions

    func validate() throws {
        try Bounds.check("--validation", validation, 0..<1)
        try Bounds.check("--test", test, 0..<1)
        try Bounds.check("--similarity", similarity, 0...1)
        try Bounds.check("--shortest", shortest, 0...1e9, "seconds")
        if validation + test >= 1 {
            throw ValidationError("--validation and --test must leave some clips to train with")
        }
        if noCache, cache != nil { throw ValidationError("give --cache or --no-cache, not both") }
        if let out, !out.lowercased().hasSuffix(".csv") { throw ValidationError("--out is a .csv file, not \(out)") }
        if let report, !report.lowercased().hasSuffix(".html") {
            throw ValidationError("--report is an .html file, not \(report)")
        }
    }

    func run() throws {
        let manifest = try Manifest(path: data, missingFiles: .skip, contradictions: .keep)
        for path in [out, report, cache].compactMap(\.self) {
            try OutputPath.requireFile(path)
            try manifest.requireNotOwn(path)
        }
        let clips = try examine(manifest)
        var limits = Diagnosis.Limits()
        (limits.shortest, limits.similarity) = (shortest, similarity)
        let diagnosis = diagnose(manifest, clips, try vectors(manifest, clips), limits)
        let shares = Proposal.Shares(validation: validation, test: test, seed: seed)
        let proposal = Result {
            try Proposal(of: diagnosis, by: groupBy.map(Grouping.Basis.init(word:)), shares: shares)
        }
        // A dataset may be too small to split, and yet worth looking over.
        if out != nil { _ = try proposal.get() }
        if let out, case .success(let proposal) = proposal { try proposal.manifest.write(to: out) }
        let outcome = PrepareOutcome(diagnosis: diagnosis, proposal: proposal, out: out, report: report)
        if let report { try PreparePage(outcome).write(to: report) }
        Console.result(common.json ? try outcome.jsonLine() : outcome.text)
        if diagnosis.unusableCount > 0 || (strict && !diagnosis.problems.isEmpty) { throw ExitCode.failure }
    }

    private func examine(_ manifest: Manifest) throws -> [ExaminedClip] {
        let cache = noCache ? nil : try ExaminationCache(path: self.cache ?? Self.cachePath(of: data))
        var progress: ProgressBar?
        let clips = Examiner(manifest, cache: cache).examine { done, total, path in
            let bar = progress ?? ProgressBar(total: total, style: Console.progressStyle, sink: Console.progress)
            progress = bar
            bar.show(done, path.split(separator: "/").last.map(String.init) ?? "")
        }
        progress?.clear()
        return clips
    }

    private func diagnose(
        _ manifest: Manifest, _ clips: [ExaminedClip], _ similarity: VectorSimilarity?, _ limits: Diagnosis.Limits
    ) -> Diagnosis {
        var progress: ProgressBar?
        defer { progress?.clear() }
        return Diagnosis(manifest, clips, similarity: similarity, limits: limits) { done, total in
            let bar = progress ?? ProgressBar(total: total, style: Console.progressStyle, sink: Console.progress)
            progress = bar
            bar.show(done, "pairs that are alike")
        }
    }

    /// A file for what is found in a dataset. Two datasets that share one do not disturb each other.
    private static func cachePath(of data: String) -> String {
        let environment = ProcessInfo.processInfo.environment["XDG_CACHE_HOME"] ?? ""
        let root =
            environment.hasPrefix("/")
            ? environment : FileManager.default.homeDirectoryForCurrentUser.appending(path: ".cache").path
        let name = URL(fileURLWithPath: data).standardizedFileURL.path.map { character in
            character.isASCII && (character.isLetter || character.isNumber || "._-".contains(character))
                ? character : "-"
        }
        return "\(root)/sora/prepare/\(String(name.suffix(120))).jsonl"
    }

    /// Vectors of the model that was asked for; nil without one.
    private func vectors(_ manifest: Manifest, _ clips: [ExaminedClip]) throws -> VectorSimilarity? {
        guard let path = model else { return nil }
        let model = try ModelArgument.readTrained(path)
        let predictor = try Predictor(model, backend: OneDNNBackend())
        let loader = ClipLoader(
            manifest: manifest, specification: model.configuration.clip.specification,
            resources: ClipLoader.Resources(cacheBudget: 0))
        let usable = clips.indices.filter { clips[$0].facts != nil }
        var vectors = [[Float]?](repeating: nil, count: clips.count)
        let progress = ProgressBar(total: usable.count, style: Console.progressStyle, sink: Console.progress)
        for batch in loader.batches(of: usable, size: 8, mode: .evaluation) {
            let predictions = try predictor.predict(batch.frames, clips: batch.count)
            for (clip, prediction) in zip(batch.clipIndices, predictions) { vectors[clip] = prediction.embedding }
            progress.show(progress.done + batch.count)
        }
        progress.clear()
        for failure in loader.failures { Console.note("sora: left out of the search for copies: \(failure.error)") }
        return VectorSimilarity(vectors, name: "vectors of \(path)")
    }
}

extension Grouping.Basis {
    /// What a word on the command line means: one of ours, or a column.
    fileprivate init(word: String) {
        switch word {
        case "given": self = .given
        case "folder": self = .folder
        case "name": self = .name
        case "scene": self = .scene
        case "none": self = .clip
        default: self = .column(word)
        }
    }
}
