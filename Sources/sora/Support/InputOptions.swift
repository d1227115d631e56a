import ArgumentParser
import Media
import Neural
import SoraModel
import Training

/// Which part of each file a model is to see.
struct InputOptions: ParsableArguments {
    @Option(help: "Start of the part of each file to use, in seconds.")
    var start: Double?

    @Option(help: "End of the part of each file to use, in seconds.")
    var end: Double?

    @Option(help: "What to do about damaged frames: skip, hold or raise.")
    var damage = FrameRequest.DamagePolicy.hold

    @OptionGroup var compute: ComputeOptions

    func validate() throws { try Bounds.check(start: start, end: end) }

    /// Runs `model` over `files` and calls `body` with each outcome; a file that fails is reported and passed over.
    /// - Throws: `ExitCode.failure` at the end if any failed.
    func predict(
        _ model: Model, files: [String], json: Bool, _ body: (FilePredictor.Outcome) throws -> Void
    ) throws {
        var predictor = FilePredictor(
            try Predictor(model, backend: compute.backend()), format: model.configuration.clip)
        predictor.damage = damage
        predictor.start = start.map { MediaTime(seconds: $0) }
        predictor.end = end.map { MediaTime(seconds: $0) }
        var failed = 0
        let progress = ProgressBar(total: files.count, style: Console.progressStyle, sink: Console.progress)
        try predictor.predict(files) { file, outcome in
            progress.clear()
            switch outcome {
            case .success(let outcome): try body(outcome)
            case .failure(let error):
                failed += 1
                try FileBatch.report(error, file: file, json: json)
            }
            progress.advance()
        }
        progress.clear()
        try FileBatch.conclude(failed: failed, of: files.count)
    }
}
